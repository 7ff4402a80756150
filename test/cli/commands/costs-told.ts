import { parse } from 'csv-parse/sync';
import type { BilledSpend, SpendersOfMonth } from '../../../core/spenders/types';
import { usd } from '../../../core/money';
import type { Reading } from '../../../core/reading';
import { arnOf, callers, MONTH, usage, type Callers } from '../../helpers/spenders';
import { CliWorld } from '../world';

export const CONFIG = ['--config', 'test/fixtures/spenders.ts'];
export const DEV = ['--env', 'dev', ...CONFIG];

interface Told {
  readonly callers?: Callers | string;
  readonly tagged?: SpendersOfMonth['tagged'];
  readonly bill?: Reading<readonly BilledSpend[]>;
}

/** The cost check of dev answers so; a text is why it cannot. */
export function told({ callers: of, tagged, bill = { kind: 'known', value: [] } }: Told): CliWorld {
  const world = new CliWorld();
  const reading: SpendersOfMonth['callers'] =
    of === undefined
      ? undefined
      : typeof of === 'string'
        ? { kind: 'unavailable', why: of }
        : { kind: 'known', value: of };
  const spenders = { month: MONTH, ...(reading && { callers: reading }), ...(tagged && { tagged }) };
  const value = JSON.parse(JSON.stringify({ kind: 'spenders', spenders, bill, requests: 2 })) as unknown;
  world.answerOf.set('cost-check', { kind: 'returned', value });
  return world;
}

export const PEOPLE = callers([
  usage(1, arnOf.user('ana'), usd('12.5')),
  usage(9, arnOf.user('ana'), usd('0.004'), { calls: 1_200 }),
  usage(3, arnOf.person('Developers', 'ben@example.com'), usd(5)),
  usage(4, arnOf.session('app', 'worker-1'), usd(2)),
]);

export const costsBy = (world: CliWorld, by: string, ...more: string[]) =>
  world.run('costs', ...DEV, '--by', by, ...more);
export const rowsOf = (csv: string) => parse(csv, { columns: true }) as Record<string, string>[];
