import { UsageTable } from '../../core/replay';
import { UsageError } from '../errors';
import { openUsage } from './file';
import { formatOf, formatOfList, LISTS, type UsageFormat } from './formats';
import {
  type Fields,
  type ListPath,
  type Outcome,
  type Part,
  type ReadRow,
  type RecordReader,
  type Said,
  isRecord,
} from './formats/format';
import { isApplicationProfile, type ModelNames } from './model-names';
import { Problems } from './problems';
import { Account, type UsageRead } from './account';
import type { JsonLimits } from './json';
import { contentOf, type TableBatch } from './records';

const PROGRESS_ROWS = 1_000_000;

export interface ReadOptions {
  readonly said: Said;
  readonly names: ModelNames;
  /** What goes on, once in a million rows. */
  readonly progress: (text: string) => void;
  /** @default JSON_LIMITS */
  readonly limits?: JsonLimits;
}

/**
 * A usage file, whatever it is: told by what is in it, not by its name, and read as a stream.
 * @throws UsageError that names what is wrong with it, or each bad row; nothing is guessed and nothing left out in silence
 */
export async function readUsage(file: string, options: ReadOptions): Promise<UsageRead> {
  const opened = await openUsage(file);
  const reading = new Reading(file, options);
  const content = await contentOf(file, opened.text, { limits: options.limits, lists: () => reading.lists });
  let told = 0;
  const tell = () => {
    if (reading.records - told < PROGRESS_ROWS) return;
    told = reading.records;
    const percent = opened.percent();
    const share = percent === undefined ? '' : `, ${percent}%`;
    options.progress(`Reading ${file}: ${Math.floor(told / 1e6)} million rows${share}`);
  };
  if (content.kind === 'table') {
    const toRecord = reading.openTable(content.names);
    for await (const batch of content.rows) {
      reading.tableBatch(batch, toRecord);
      tell();
    }
  } else {
    for await (const batch of content.records) {
      for (const { record, place, part } of batch) reading.jsonRecord(record, place, part);
      tell();
    }
  }
  return reading.end(opened.packed, content.kind === 'json' && content.isLines() ? 'jsonLines' : content.kind);
}

/** One file as it is read. */
class Reading {
  records = 0;
  private readonly table = new UsageTable();
  private readonly account = new Account();
  private readonly problems: Problems;
  private format: UsageFormat | undefined;
  private reader: RecordReader | undefined;
  private width = 0;
  /** By the keys of a row of one's own: which of them are read. */
  private readonly shapes = new Map<string, (cells: readonly unknown[]) => Fields>();

  constructor(
    private readonly file: string,
    private readonly options: ReadOptions,
  ) {
    this.problems = new Problems(file);
  }

  /** @throws UsageError on a header that nothing is known about */
  openTable(names: readonly string[]): (cells: readonly unknown[]) => Fields {
    const format = this.formatFor(names, undefined);
    const columns = format.columns?.(names) ?? { fields: names, problems: [] };
    this.width = names.length;
    for (const text of columns.problems) this.problems.add('line 1', text);
    this.problems.check();
    this.account.notRead(names.filter((name, at) => name !== '' && columns.fields[at] === undefined));
    return picker(columns.fields, columns.constants);
  }

  tableBatch({ rows, lineOf }: TableBatch, toRecord: (cells: readonly unknown[]) => Fields): void {
    for (let at = 0; at < rows.length; at++) {
      const cells = rows[at] ?? [];
      // The parser compares within a block only; a drawn table may end its lines as it likes.
      if (cells.length < this.width)
        this.problems.add(`line ${lineOf(at)}`, `${cells.length} columns, the header has ${this.width}`);
      else this.take(toRecord(cells), () => `line ${lineOf(at)}`);
    }
  }

  /** What of an object may be too long to hold: of any format, until the file's own is known. */
  get lists(): readonly ListPath[] {
    return this.format === undefined ? LISTS : (this.format.lists ?? []);
  }

  jsonRecord(record: unknown, place: string, part?: Part): void {
    if (!isRecord(record)) return this.problems.add(place, 'must be an object');
    const names = Object.keys(record);
    const format = this.formatFor(names, part);
    if (format.columns === undefined || !format.mapsKeys) return this.take(record, () => place, part);
    const shape = this.shapeOf(format, names, place);
    if (shape !== undefined) this.take(shape(Object.values(record)), () => place);
  }

  end(packed: 'gzip' | undefined, kind: 'table' | 'json' | 'jsonLines'): UsageRead {
    for (const text of this.reader?.end?.() ?? []) this.problems.add('the file', text);
    this.problems.check();
    const { format } = this;
    if (format === undefined || this.account.rows === 0) {
      const why = this.account.leftOutText();
      throw new UsageError(`--usage ${this.file}: no row${why === '' ? '' : `: ${why}`}`);
    }
    return {
      table: this.table,
      reading: this.account.reading({
        format: format.name,
        lacks: format.lacks,
        packed,
        kind,
        remarks: this.reader?.remarks?.() ?? [],
      }),
    };
  }

  private formatFor(names: readonly string[], part: Part | undefined): UsageFormat {
    if (this.format !== undefined) {
      // The keys that tell the format may come after its list.
      if (part?.kind === 'rest' && !this.format.fits(new Set(names))) this.otherFormat(this.format, names);
      return this.format;
    }
    const ofList = part?.kind === 'part' ? formatOfList(part.list) : undefined;
    const found = ofList ?? formatOf(this.file, names);
    this.format = found;
    this.reader = found.open(this.options.said);
    return found;
  }

  /** @throws UsageError as what was read of a list was not what its object is */
  private otherFormat(taken: UsageFormat, names: readonly string[]): never {
    const { name } = formatOf(this.file, names);
    throw new UsageError(
      `--usage ${this.file}: it has a list of ${taken.name} and the names of ${name}: leave one out`,
    );
  }

  private shapeOf(format: UsageFormat, names: readonly string[], place: string) {
    const key = names.join('\n');
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    const columns = format.columns?.(names);
    if (columns === undefined || columns.problems.length > 0) {
      for (const text of columns?.problems ?? []) this.problems.add(place, text);
      return undefined;
    }
    this.account.notRead(names.filter((_, at) => columns.fields[at] === undefined));
    const shape = picker(columns.fields, columns.constants);
    this.shapes.set(key, shape);
    return shape;
  }

  private take(record: Fields, place: () => string, part?: Part): void {
    this.records += 1;
    const outcome: Outcome = this.reader?.read(record, part) ?? { rows: [] };
    if ('problems' in outcome) for (const text of outcome.problems) this.problems.add(place(), text);
    else if ('leftOut' in outcome) this.account.leftOut(outcome.leftOut);
    else for (const row of outcome.rows) this.row(row, place);
  }

  private row(row: ReadRow, place: () => string): void {
    const series = this.options.names.seriesOf(row.model);
    if (isApplicationProfile(series)) {
      return this.problems.add(place(), `${series} is an application profile: say what it calls with --profiles`);
    }
    try {
      this.table.add(series, row.at, row.spanMs, row.tokens);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError(`--usage ${this.file}: ${place()}: the tokens of ${row.model} add up to ${error.message}`);
    }
    this.account.add(row);
  }
}

/** Only what is read, by its field. */
function picker(
  fields: readonly (string | undefined)[],
  constants: Readonly<Record<string, string>> = {},
): (cells: readonly unknown[]) => Fields {
  const read = fields.flatMap((field, at) => (field === undefined ? [] : [[field, at] as const]));
  return (cells) => {
    const record: Record<string, unknown> = { ...constants };
    for (const [field, at] of read) record[field] = cells[at];
    return record;
  };
}
