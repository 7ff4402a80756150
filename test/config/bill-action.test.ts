import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import type { GuardInput } from '../../config/schema';

const NOW = Date.parse('2026-11-28T00:00:00Z');

type Kind = 'roles' | 'users' | 'groups';

function load(billAction: unknown, kind: Kind, count: number): string {
  const named = { roles: [], users: [], groups: [], [kind]: Array.from({ length: count }, (_, at) => `name-${at}`) };
  const dev = { ...shipped.environments['dev'], billAction, principals: named };
  try {
    loadGuard({ environments: { ...shipped.environments, dev } } as GuardInput, NOW);
    return 'loaded';
  } catch (error) {
    return (error as Error).message;
  }
}

const ABOVE = { automaticAtPercent: 120, acceptRisk: 'the board wants it' };

describe('AWS Budgets attaches its deny to 100 roles, users and groups each at most, the environment’s own role among them', () => {
  test.each<[Kind, number]>([
    ['roles', 99],
    ['users', 100],
    ['groups', 100],
  ])('%s: %i are taken, one more is refused with what to do', (kind, most) => {
    for (const billAction of ['automatic', 'needsApproval', ABOVE]) {
      expect(load(billAction, kind, most - 1)).toBe('loaded');
      expect(load(billAction, kind, most)).toBe('loaded');
      expect(load(billAction, kind, most + 1)).toMatch(
        new RegExp(
          `environments\\.dev\\.principals\\.${kind}: must be at most ${most} with a billAction, .*billAction: 'none'.*got ${most + 1}`,
        ),
      );
    }
  });

  test('without a budgets action any number is', () => {
    expect(load('none', 'roles', 1_000)).toBe('loaded');
  });
});

test('what is missing or wrong by itself is not reported here a second time', () => {
  expect(load('often', 'roles', 1_000)).not.toMatch(/at most 99/);
});
