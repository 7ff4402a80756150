import type { SpentBy, SpentRow } from '../../core/spenders';
import { printable } from '../printable';
import type { Division } from './options';

/** As people read it: somebody else has given the names. */
export function rowName({ kind, name }: SpentRow, by: Division, { origin = '' }: Pick<SpentBy, 'origin'>): string {
  switch (kind) {
    case 'named':
    case 'shared':
      return printable(name);
    case 'rest':
      return '(callers whose names are not kept)';
    case 'nameless':
      return by === 'tag' ? `(no tag ${printable(origin)})` : by === 'person' ? '(nobody is named)' : `(no ${by})`;
  }
}

/** What must be said of a row beside its figures. */
export function rowNote(row: SpentRow): string {
  const { kind } = row;
  return [leastText(row), kind === 'shared' ? 'not a person: whoever may use it' : '']
    .filter((one) => one !== '')
    .join('; ');
}

function leastText({ amount, atLeast, calls = 0, unpricedCalls = 0, uncounted = 0 }: SpentRow): string {
  if (amount === undefined) {
    const reasons = [unpricedCalls > 0 && 'no price', uncounted > 0 && 'no token counts'];
    return ['unknown', reasons.filter((one) => one !== false).join(', ')].filter((one) => one !== '').join(': ');
  }
  if (!atLeast) return '';
  const reasons = [
    unpricedCalls > 0 && 'a part has no price',
    uncounted > 0 && `${uncounted} of ${calls} calls ${uncounted === 1 ? 'has' : 'have'} no token counts`,
  ];
  return ['at least', reasons.filter((one) => one !== false).join(', ')].filter((one) => one !== '').join(': ');
}

export function sourceText({ source, origin = '' }: SpentBy): string {
  switch (source) {
    case 'invocationLogs':
      return `by the invocation log ${printable(origin)}, estimated at list price`;
    case 'principalTag':
      return `by the bill, by the tag ${printable(origin)} of IAM principals`;
    case 'bill':
      return 'by the bill';
  }
}
