import { UsageError } from '../errors';

/** Where in a usage file something is wrong, and what. */
export interface UsageProblem {
  /** `line 7` of a CSV, `[6]` of a JSON array, `MetricDataResults[0]` of CloudWatch's answer. */
  readonly place: string;
  readonly text: string;
}

const SHOWN = 20;

/** @throws UsageError that names every problem, the first twenty in full: a row that is guessed would falsify the replay */
export function refuse(file: string, problems: readonly UsageProblem[]): never {
  const shown = problems.slice(0, SHOWN).map(({ place, text }) => `  ${place}: ${text}`);
  const more = problems.length > SHOWN ? [`  and ${problems.length - SHOWN} more`] : [];
  throw new UsageError([`--usage ${file}: ${problems.length} wrong`, ...shown, ...more].join('\n'));
}
