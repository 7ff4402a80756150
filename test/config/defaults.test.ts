import shipped from '../../config/budget-tiers';
import { type BriefEnvironment, DEFAULTS, withDefaults } from '../../config/defaults';
import { loadGuard } from '../../config/load';

const NOW = Date.parse('2026-11-29T00:00:00Z');
const BRIEF: BriefEnvironment = {
  region: 'us-east-1',
  monthlyLimitUsd: 50,
  owner: 'team@example.com',
  models: ['amazon.nova-lite-v1:0'],
};

const loaded = (brief: Partial<BriefEnvironment> = {}) => {
  const whole = withDefaults({ ...BRIEF, ...brief });
  return loadGuard({ environments: { app: { ...whole, acceptOvershoot: 'why' } } }, NOW).environments[0]!;
};

test('four settings are an environment: it enforces, pages when blind, and waits for a person at the bill', () => {
  const environment = loaded();
  expect(environment).toMatchObject({
    class: 'nonProduction',
    identity: 'direct',
    metering: 'account',
    budgetOwner: 'team@example.com',
    stopAtPercent: 95,
    billAction: { kind: 'needsApproval', atPercent: 95 },
    meter: { enforce: true, onBlind: 'page' },
    keepState: false,
    inPath: { whenAway: { kind: 'closed' } },
    report: { hour: 8, minute: 0, timeZone: 'UTC' },
    localModels: { models: [] },
    cacheMinutes: 0,
  });
  expect(environment.thresholds.map(({ atPercent, effect, basis }) => `${atPercent} ${effect} ${basis}`)).toEqual([
    '50 notify actual',
    '75 notify actual',
    '90 notify actual',
    '95 stop actual',
    '100 notify forecast',
  ]);
});

describe('from where on large models are denied', () => {
  const LARGE = { models: { small: ['amazon.nova-lite-v1:0'], large: ['amazon.nova-pro-v1:0'] } };

  test.each([
    ['without large models never', {}, 'never'],
    ['with some', LARGE, 90],
    ['with a later stop', { ...LARGE, stopAtPercent: 99 }, 90],
    ['with a stop at 95.01', { ...LARGE, stopAtPercent: 95.01 }, 90],
    ['with a stop at 94.99, whole hundredths before it', { ...LARGE, stopAtPercent: 94.99 }, 89.99],
    ['with an early stop', { ...LARGE, stopAtPercent: 60 }, 55],
    ['with a stop that leaves no room', { ...LARGE, stopAtPercent: 5 }, 'never'],
    ['where it is said', { ...LARGE, degradeAtPercent: 70 }, 70],
    ['where it is said to be never', { ...LARGE, degradeAtPercent: 'never' }, 'never'],
  ] as const)('%s', (_when, brief, expected) => {
    expect(withDefaults({ ...BRIEF, ...brief } as BriefEnvironment).degradeAtPercent).toBe(expected);
    const { thresholds } = loaded(brief as Partial<BriefEnvironment>);
    expect(thresholds.some(({ effect }) => effect === 'degrade')).toBe(expected !== 'never');
  });
});

test.each([
  ['the last of the others', {}, 90],
  ['the last of those that are given', { alertAtPercent: [10, 20] }, 20],
  ['the stop, without others', { alertAtPercent: [] }, 95],
  ['its own', { ownAlertAtPercent: 80 }, 80],
])('the own alert is %s', (_which, brief, expected) => {
  expect(withDefaults({ ...BRIEF, ...brief }).ownAlertAtPercent).toBe(expected);
});

test('what is written is kept, and what is undefined is not', () => {
  const { dev } = shipped.environments;
  expect(withDefaults(dev!)).toEqual({ ...dev, enforce: true, onBlind: 'page' });
  const whole = withDefaults({ ...BRIEF, stopAtPercent: undefined, report: { at: '07:30', timeZone: 'Europe/Rome' } });
  expect(whole.stopAtPercent).toBe(DEFAULTS.stopAtPercent);
  expect(whole.report).toEqual({ at: '07:30', timeZone: 'Europe/Rome' });
});

test('models as ids or as entries; principals in part', () => {
  const whole = withDefaults({
    ...BRIEF,
    models: { small: ['a', { id: 'b', optional: true }] },
    principals: { roles: ['app'] },
  });
  expect(whole.models.small).toEqual([{ id: 'a' }, { id: 'b', optional: true }]);
  expect(whole.models.large).toEqual([]);
  expect(whole.principals).toEqual({ roles: ['app'], users: [], groups: [] });
});

test('two environments of one account are told apart by profiles, which the message says', () => {
  const environments = { a: withDefaults(BRIEF), b: withDefaults(BRIEF) };
  expect(() => loadGuard({ environments }, NOW)).toThrow(/environments\.a\.identity: must be 'profile', got 'direct'/);
});
