import { UsageError } from '../errors';

/** Where in a usage file something is wrong, and what. */
export interface UsageProblem {
  /** `line 7` of a table or of JSON lines, `[6]` of a JSON array, `MetricDataResults[0]` of CloudWatch's answer. */
  readonly place: string;
  readonly text: string;
}

const SHOWN = 20;
/** A file that is wrong in every row need not be read to its end. */
const ENOUGH = 1_000;

/** What is wrong in a file: the first twenty in full, the rest counted. */
export class Problems {
  private readonly first: UsageProblem[] = [];
  private count = 0;

  constructor(private readonly file: string) {}

  /** @throws UsageError once there are so many that the file is not what it was taken for */
  add(place: string, text: string): void {
    this.count += 1;
    if (this.first.length < SHOWN) this.first.push({ place, text });
    if (this.count >= ENOUGH) this.refuse('at least ');
  }

  /** @throws UsageError that names them, if there are any: a row that is guessed would falsify the replay */
  check(): void {
    if (this.count > 0) this.refuse('');
  }

  private refuse(atLeast: string): never {
    const shown = this.first.map(({ place, text }) => `  ${place}: ${text}`);
    const more = this.count > SHOWN ? [`  and ${this.count - SHOWN} more`] : [];
    throw new UsageError([`--usage ${this.file}: ${atLeast}${this.count} wrong`, ...shown, ...more].join('\n'));
  }
}

export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = textOf(value);
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch (error) {
    // Brackets within brackets, more of them than the stack holds.
    if (!(error instanceof RangeError)) throw error;
    return 'a value within too many others to be shown';
  }
}
