import type { Equivalent } from '../result';

const at = (file: string, entries: readonly Omit<Equivalent, 'file'>[]): readonly Equivalent[] =>
  entries.map((entry) => ({ file: `core/enforcement/${file}.ts`, ...entry }));

export const enforcement: readonly Equivalent[] = [
  ...at('attempting', [
    {
      original: 'at < items.length',
      replacement: 'at <= items.length',
      reason: 'one more slice, of nobody',
    },
  ]),
  ...at('bill-action', [
    {
      original: "input.calculated.kind === 'known'",
      replacement: 'true',
      reason: 'only the compiler asks: where it is not known there is no amount, and undefined is below no line',
    },
    {
      original: "calculated.kind === 'known'",
      replacement: 'true',
      reason: 'only the compiler asks: where it is not known there is no amount, and undefined is at no line',
    },
  ]),
  ...at('bill-leftover', [
    {
      original: "action.kind === 'known'",
      replacement: 'true',
      reason: 'only the compiler asks: an action that is missing has no status, and undefined is in no list of them',
    },
  ]),
  ...at('switch-document', [
    {
      original: 'state === undefined',
      replacement: 'false',
      reason: 'only the compiler asks: whatever the seal is, what is returned is the state, which is undefined',
    },
    {
      original: 'a < b',
      replacement: 'a <= b',
      reason: 'no object has a key twice',
    },
  ]),
  ...at('switch-versions', [
    {
      original: 'state !== undefined',
      replacement: 'true',
      reason: 'whether a version of no state is current is never read: of `seen` only those of a state are asked',
    },
    {
      original: 'one?.isCurrent',
      replacement: 'one.isCurrent',
      reason: 'only the compiler asks: what is older has a state, so that one of the same state is there',
    },
    {
      original: 'oldest === undefined',
      replacement: 'false',
      reason: 'only the compiler asks: of five at most three are the newest of a state and one is in effect',
    },
  ]),
];
