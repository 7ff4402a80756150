/** A change of the code that changes nothing anybody could see; found by its text, so that it outlives moves. */
export interface Equivalent {
  readonly file: string;
  /** Both as the run prints them. */
  readonly original: string;
  readonly replacement: string;
  /** A part of the line it begins on, where the file has the same change more than once. */
  readonly on?: string;
  /** How many there are, where the lines say the same too. @default 1 */
  readonly times?: number;
  readonly reason: string;
}

/** Of Stryker's JSON report: https://stryker-mutator.io/docs/mutation-testing-elements/mutant-states-and-metrics (2026-11). */
export interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly StrykerMutant[] }>>;
}

export interface StrykerMutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Both from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** One change of the code, as people and `EQUIVALENTS` read it. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** The whole line that it begins on. */
  readonly on: string;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly outcome: Outcome;
}

type Outcome = 'killed' | 'timeout' | 'survived' | 'no coverage' | 'invalid';

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  Killed: 'killed',
  Timeout: 'timeout',
  Survived: 'survived',
  NoCoverage: 'no coverage',
  CompileError: 'invalid',
  RuntimeError: 'invalid',
  Ignored: 'invalid',
};

export interface RoomResult {
  readonly room: string;
  /** All that count: neither invalid, nor a change of a text, nor equivalent. */
  readonly mutants: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly survived: readonly Mutant[];
  readonly uncovered: readonly Mutant[];
  readonly equivalent: number;
  /** Changes of texts that people read. */
  readonly texts: { readonly all: number; readonly seen: number };
  /** Of `mutants`; undefined where there are none. */
  readonly percent: number | undefined;
  /** Entries of `EQUIVALENTS` for these files that are not one surviving mutant, or not as many as they say. */
  readonly stale: readonly string[];
}

const LONGEST = 120;

/** On one line, cut where it is long: what is printed and what `EQUIVALENTS` names are the same. */
export function oneLine(code: string): string {
  const whole = flat(code);
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
}

function flat(code: string): string {
  return code.replace(/\s+/g, ' ').trim();
}

/** Whether its file still has the code that an entry names, on such a line: whether that can be noticed a run tells. */
export function standsIn({ original, on }: Pick<Equivalent, 'original' | 'on'>, source: string): boolean {
  const code = original.replace(/…$/, '');
  if (on === undefined) return flat(source).includes(code);
  const lines = source.split('\n');
  return lines.some((line, at) => {
    if (!oneLine(line).includes(on)) return false;
    const begins = flat(lines.slice(at).join('\n')).indexOf(code);
    return begins >= 0 && begins < flat(line).length;
  });
}

/** Every mutant of a report. @throws Error for a status that is not known */
export function mutantsOf(report: StrykerReport): readonly Mutant[] {
  return Object.entries(report.files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return mutants.map(({ mutatorName, replacement, status, location }) => {
      const outcome = OUTCOMES[status];
      if (outcome === undefined) throw new Error(`${file}: Stryker says '${status}' of a mutant`);
      return {
        file,
        line: location.start.line,
        on: oneLine(lines[location.start.line - 1] ?? ''),
        mutator: mutatorName,
        original: oneLine(between(lines, location)),
        replacement: oneLine(replacement ?? ''),
        outcome,
      };
    });
  });
}

function between(lines: readonly string[], { start, end }: StrykerMutant['location']): string {
  const part = lines.slice(start.line - 1, end.line);
  return part
    .map((line, at) =>
      line.slice(at === 0 ? start.column - 1 : 0, at === part.length - 1 ? end.column - 1 : line.length),
    )
    .join('\n');
}

/**
 * A literal with a blank between two words is a text for people; one without is a value, such as a state or a key. Tests
 * state what a text must tell and not its wording, so that such a mutant says little either way.
 */
export function isText({ mutator, original }: Pick<Mutant, 'mutator' | 'original'>): boolean {
  return mutator === 'StringLiteral' && /\S \S/.test(original);
}

/** The score of a room and what is left of it. */
export function roomResult(room: string, all: readonly Mutant[], equivalents: readonly Equivalent[]): RoomResult {
  const valid = all.filter(({ outcome }) => outcome !== 'invalid');
  const texts = valid.filter(isText);
  const counted = valid.filter((mutant) => !isText(mutant));
  const alive = counted.filter(isAlive);
  const here = equivalents.filter(({ file }) => all.some((mutant) => mutant.file === file));
  const isEquivalent = (mutant: Mutant) => here.some((entry) => matches(entry, mutant));
  const mutants = counted.filter((mutant) => !isAlive(mutant) || !isEquivalent(mutant));
  const of = (outcome: Outcome) => mutants.filter((mutant) => mutant.outcome === outcome);
  const dead = mutants.filter((mutant) => !isAlive(mutant)).length;
  return {
    room,
    mutants: mutants.length,
    killed: of('killed').length,
    timeouts: of('timeout').length,
    survived: of('survived'),
    uncovered: of('no coverage'),
    equivalent: counted.length - mutants.length,
    texts: { all: texts.length, seen: texts.filter((mutant) => !isAlive(mutant)).length },
    percent: mutants.length === 0 ? undefined : (100 * dead) / mutants.length,
    stale: here.flatMap((entry) => staleness(entry, alive)),
  };
}

function isAlive({ outcome }: Mutant): boolean {
  return outcome === 'survived' || outcome === 'no coverage';
}

function matches({ file, original, replacement, on }: Equivalent, mutant: Mutant): boolean {
  return (
    mutant.file === file &&
    mutant.original === original &&
    mutant.replacement === replacement &&
    (on === undefined || mutant.on.includes(on))
  );
}

function staleness(entry: Equivalent, alive: readonly Mutant[]): readonly string[] {
  const named = alive.filter((mutant) => matches(entry, mutant));
  const { times = 1 } = entry;
  if (named.length === times) return [];
  const what = `${entry.file}: ${entry.original} → ${entry.replacement}`;
  return named.length === 0
    ? [`${what}: named as equivalent, and no survivor: delete the entry`]
    : [
        `${what}: named as equivalent, and ${named.length} survivors, not ${times}: say which with \`on\`, or how many with \`times\``,
      ];
}

/** Whether a room has reached its goal and every entry still stands. */
export function isGood({ percent, stale }: RoomResult, goal: number): boolean {
  return percent !== undefined && percent >= goal && stale.length === 0;
}

/** A room's result in lines. */
export function resultLines(result: RoomResult, goal: number): readonly string[] {
  const { room, mutants, killed, survived, uncovered, timeouts, percent, equivalent, texts, stale } = result;
  const score = percent === undefined ? 'no mutants' : `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  const verdict = percent !== undefined && percent >= goal ? '' : ' MISSED';
  return [
    `${room}: ${mutants} mutants, ${killed} killed, ${survived.length} survived, ${uncovered.length} no coverage, ${timeouts} timeouts: ${score} (goal ${goal} %)${verdict}`,
    `  not counted: ${equivalent} named as equivalent, ${texts.all} in texts that people read (tests see ${texts.seen} of them)`,
    ...survived.map((mutant) => `  ${told(mutant)}`),
    ...uncovered.map((mutant) => `  ${told(mutant)} (no coverage)`),
    ...stale.map((problem) => `  STALE ${problem}`),
  ];
}

function told({ file, line, mutator, original, replacement }: Mutant): string {
  return `${file}:${line} ${mutator}: ${original} → ${replacement}`;
}
