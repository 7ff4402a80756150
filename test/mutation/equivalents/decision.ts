import type { Equivalent } from '../result';

const NO_STATE = 'what is no state has no rank: it is never the strongest, and nor is open';
const NO_CAUSE = 'there is no other cause: the compiler holds the switch complete, and the state is parsed';

export const decision: readonly Equivalent[] = [
  ...['const ordered =', 'const byLines =', 'const desired ='].map((on) => ({
    file: 'core/decision/decide.ts',
    original: "'open'",
    replacement: '""',
    on,
    reason: NO_STATE,
  })),
  {
    file: 'core/decision/holds.ts',
    original: 'figures === undefined',
    replacement: 'false',
    on: 'grace.before === undefined',
    reason: 'asked for by the compiler alone: without figures no line is found, and none is asked for',
  },
  {
    file: 'core/decision/holds.ts',
    original: 'previous?.month',
    replacement: 'previous.month',
    reason: 'asked for by the compiler alone: without a state before there is no hold to judge',
  },
  {
    file: 'core/decision/holds.ts',
    original: 'default: return assertNever(hold.cause);',
    replacement: 'default:',
    reason: NO_CAUSE,
  },
  {
    file: 'core/decision/holds.ts',
    original: '{ throw new TypeError(`unknown value: ${String(value)}`); }',
    replacement: '{}',
    reason: NO_CAUSE,
  },
  {
    file: 'core/decision/decide.ts',
    original: "assessment.kind === 'known'",
    replacement: 'true',
    on: 'assessment.month < previous.month',
    reason: 'asked for by the compiler alone: the month of what is not known is undefined, which is below none',
  },
  {
    file: 'core/decision/decide.ts',
    original: 'previous !== undefined',
    replacement: 'true',
    on: 'if (stale &&',
    reason: 'asked for by the compiler alone: nothing is stale without a state before',
  },
  {
    file: 'core/decision/decide.ts',
    original: 'known !== undefined',
    replacement: 'true',
    on: 'known.month < before.month',
    reason: 'asked for by the compiler alone: what was known before is known still',
  },
  {
    file: 'core/decision/alerts-due.ts',
    original: 'EFFECT_RANK[one.effect] > EFFECT_RANK[other.effect]',
    replacement: 'EFFECT_RANK[one.effect] >= EFFECT_RANK[other.effect]',
    reason: 'of one limit, thresholds at the same amount with the same effect tell the same',
  },
  {
    file: 'core/decision/decide.ts',
    original: 'key >= keep',
    replacement: 'key > keep',
    reason: 'a key is longer than its month: none is equal to it',
  },
];
