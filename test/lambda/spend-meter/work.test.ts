import { MINUTE_MS } from '../../../core/calendar';
import type { MeterState } from '../../../core/decision';
import { parseSpendMeterEnv } from '../../../lambda/spend-meter/env';
import type { Evaluation } from '../../../lambda/spend-meter/evaluate';
import type { TickReading } from '../../../lambda/spend-meter/read';
import { workOf } from '../../../lambda/spend-meter/work';
import { NOVEMBER, fullState } from '../../helpers/meter-states';
import { VARIABLES } from '../../helpers/spend-meter-world';

const env = parseSpendMeterEnv({ ...VARIABLES });
const { outbox: _, unsaid: _unsaid, closed: _closed, ...full } = fullState(NOVEMBER);
const PLAN: Evaluation['plan'] = {
  ...{ isTold: true, isMissing: false, needsRepair: false, attach: [], drift: [], unread: [] },
  ...{ versions: { open: 'v1' }, foreign: [], principals: 'p' },
};
const BEFORE: MeterState = {
  ...full,
  desired: 'open',
  decision: { ...full.decision, desired: 'open', lastSeenAt: full.decision.at },
  claimedUntil: 0,
  outbox: [],
  enforcement: { switchedTo: 'open', versions: { open: 'v1' }, principals: 'p', pagedOpen: [], toldAutoStop: 'open' },
};
const NOW = BEFORE.decision.at + MINUTE_MS;

interface Change {
  readonly evaluation?: Partial<Evaluation>;
  readonly plan?: Partial<Evaluation['plan']>;
  readonly state?: Partial<MeterState>;
  readonly before?: Partial<MeterState>;
  readonly didRead?: boolean;
  readonly now?: number;
}

/** A tick that finds all as the last one left it, but for what is given. */
function work({ evaluation, plan, state, before, didRead = false, now = NOW }: Change): string {
  const next: MeterState = { ...BEFORE, revision: BEFORE.revision + 1, claimedUntil: now + 55_000, ...state };
  const found: Evaluation = {
    from: 'open',
    decision: { desired: 'open' } as Evaluation['decision'],
    enforced: 'open',
    leaks: [],
    plan: { ...PLAN, ...plan },
    ...evaluation,
    state: { ...next, decision: { ...next.decision, at: now, lastSeenAt: now } },
  };
  return workOf(env, { ...BEFORE, ...before }, { didRead } as TickReading, found, now).kind;
}

const role = { kind: 'role', name: 'app' } as const;
const decision = (over: Partial<MeterState['decision']>) => ({ state: { decision: { ...BEFORE.decision, ...over } } });

test.each<[string, Change, ReturnType<typeof workOf>['kind']]>([
  ['nothing is new', {}, 'none'],
  ['but the time at which it was known', decision({ lastKnown: { ...BEFORE.decision.lastKnown!, at: NOW } }), 'none'],
  ['four minutes, and 20 s for a tick that comes early', { now: NOW + 159_999 }, 'none'],
  ['after them', { now: NOW + 160_000 }, 'write'],
  ['a clock that went back', { now: NOW - MINUTE_MS - 1 }, 'write'],
  ['the month was read', { didRead: true }, 'write'],
  ['the gate has shown data for the first time', { before: { gate: { everShowedData: false } } }, 'write'],
  [
    'the activity alarm is relied on no more',
    { state: { gate: { ...BEFORE.gate, told: { lookedAt: 1, trusted: false, looks: 1 } } } },
    'write',
  ],
  ['callers were not told', { before: { unsaid: true } }, 'write'],
  ['a claim of one that died', { before: { claimedUntil: 1 } }, 'write'],
  ['something else is decided', decision({ blindSince: 7 }), 'write'],
  [
    'a spend that is known',
    decision({ lastKnown: { ...BEFORE.decision.lastKnown!, monthToDate: 1 as never } }),
    'write',
  ],
  ['the limits of budgets', { state: { budgets: { limits: {}, since: 1 } } }, 'write'],
  ['the budgets action has another state', { state: { bill: { reversedFor: 7 } } }, 'write'],
  ['somebody was added to the config', { plan: { principals: 'q' } }, 'write'],
  ['nothing was written before', { before: { month: '2026-10' as never } }, 'act'],
  ['another state is wanted', { evaluation: { from: 'degraded' } }, 'act'],
  ['the switch could not be looked at', { plan: { isTold: false } }, 'act'],
  ['no version stands for it', { plan: { isMissing: true } }, 'act'],
  ['versions are out of order', { plan: { needsRepair: true } }, 'act'],
  ['another version is in effect', { plan: { setDefault: 'v2' } }, 'act'],
  ['somebody lacks the switch', { plan: { attach: [role] } }, 'act'],
  ['somebody changed something', { plan: { drift: [{ kind: 'detached', principal: role }] } }, 'act'],
  ['something could not be read', { plan: { unread: ['who has the switch'] } }, 'act'],
  [
    'the budgets action is to be changed',
    { evaluation: { bill: { execute: 'RESET_BUDGET_ACTION', next: {} } } },
    'act',
  ],
  ['a deny is to be lifted', { evaluation: { leftover: { lift: true, holders: [] } as never } }, 'act'],
  ['and one that stays is not', { evaluation: { leftover: { lift: false, holders: [] } as never } }, 'none'],
  ['a mail is to be sent', { state: { outbox: [{} as never] } }, 'act'],
  ['auto-stop was not told', { state: { enforcement: { ...BEFORE.enforcement, toldAutoStop: 'stopped' } } }, 'act'],
  [
    'whoever lacked the switch has it',
    { state: { enforcement: { ...BEFORE.enforcement, pagedOpen: ['app'] } } },
    'act',
  ],
])('%s', (_name, change, expected) => {
  expect(work(change)).toBe(expected);
});

test('a first tick acts', () => {
  const state = { ...BEFORE, month: NOVEMBER };
  const evaluation = { from: 'open', decision: { desired: 'open' }, enforced: 'open', plan: PLAN, leaks: [], state };
  expect(workOf(env, undefined, { didRead: true } as TickReading, evaluation as unknown as Evaluation, NOW).kind).toBe(
    'act',
  );
});
