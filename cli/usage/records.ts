import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../errors';
import type { ListPath } from './formats/format';
import { documentRecords, JSON_LIMITS, JsonLines, parsedObject, type Batch, type JsonLimits } from './json';

/** The first record of each kind is within this, except of JSON. */
const HEAD = 64 * 1024;
const MOST_RECORD = 8_000_000;

export type Content =
  | { readonly kind: 'table'; readonly names: readonly string[]; readonly rows: AsyncGenerator<TableBatch> }
  | {
      readonly kind: 'json';
      readonly records: AsyncGenerator<Batch>;
      /** One object a line; known once they were read. */
      readonly isLines: () => boolean;
    };

export interface TableBatch {
  readonly rows: readonly (readonly string[])[];
  /** In the file, counted from 1. */
  readonly lineOf: (row: number) => number;
}

export interface JsonReading {
  readonly limits?: JsonLimits | undefined;
  /** Of the format as it is known by then: what of an object may be too long to hold. */
  readonly lists: () => readonly ListPath[];
}

/**
 * Told by content: JSON begins with a bracket, JSON lines have a whole object in their first line and go on.
 * @throws UsageError, also from what it returns
 */
export async function contentOf(file: string, text: AsyncGenerator<string>, json: JsonReading): Promise<Content> {
  const limits = json.limits ?? JSON_LIMITS;
  const head = await headOf(text, limits);
  const start = head.trimStart();
  if (start === '') throw new UsageError(`--usage ${file}: it holds nothing but blanks`);
  const all = joined(head, text);
  const of = { file, limits, lists: json.lists };
  const isObject = start.startsWith('{');
  if (!isObject && !start.startsWith('[')) return tableOf(file, all, head);
  if (!isObject || isDocument(start, limits)) {
    return { kind: 'json', records: documentRecords(of, all), isLines: () => false };
  }
  const lines = new JsonLines(of);
  return { kind: 'json', records: lines.records(all), isLines: () => !lines.isDocument };
}

/** Of an object all of its first line, or as much of it as is held. */
async function headOf(text: AsyncGenerator<string>, limits: JsonLimits): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  const readTo = async (isEnough: () => boolean) => {
    while (!isEnough()) {
      const next = await text.next();
      if (next.done === true) return;
      parts.push(next.value);
      length += next.value.length;
    }
  };
  await readTo(() => length >= HEAD);
  const start = parts.join('').trimStart();
  if (start.startsWith('{') && !start.includes('\n')) {
    await readTo(() => length > limits.whole || parts.at(-1)?.includes('\n') === true);
  }
  return parts.join('');
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** Whether an object goes on after its first line. A line that is too long to be held may be either. */
function isDocument(start: string, limits: JsonLimits): boolean {
  const end = start.indexOf('\n');
  if (end < 0 && start.length > limits.whole) return false;
  return parsedObject((end < 0 ? start : start.slice(0, end)).trim()) === undefined;
}

/** The header, then its rows. */
async function tableOf(file: string, text: AsyncGenerator<string>, head: string): Promise<Content> {
  const dialect = dialectOf(head);
  const all = tableBatches(file, text, dialect);
  const first = await all.next();
  const batch = first.done === true ? undefined : first.value;
  const names = batch?.rows.shift() ?? [];
  async function* rows(): AsyncGenerator<TableBatch> {
    if (batch !== undefined) yield { rows: batch.rows, lineOf: (row) => batch.lineOf(row + 1) };
    yield* all;
  }
  return { kind: 'table', names, rows: rows() };
}

interface Dialect {
  readonly delimiter: string;
  /** Lines before the header. */
  readonly skip: number;
}

/** In blocks of whole records: the parser's own streaming costs several times its parsing. */
async function* tableBatches(file: string, text: AsyncGenerator<string>, dialect: Dialect) {
  let skip = dialect.skip;
  let linesBefore = 0;
  let cells: number | undefined;
  for await (const block of wholeRecords(file, text)) {
    const rows = parsedBlock(file, block, dialect, skip, linesBefore);
    const before = linesBefore;
    const skipped = skip;
    let lines: readonly number[] | undefined;
    const lineOf = (row: number) => before + ((lines ??= linesIn(block, dialect, skipped))[row] ?? 0);
    cells ??= rows[0]?.length;
    const odd = dialect.delimiter === '|' ? -1 : rows.findIndex(({ length }) => length !== cells);
    if (odd >= 0) throw oddRow(file, lineOf(odd), rows[odd]?.length, cells);
    if (rows.length > 0) yield { rows, lineOf };
    linesBefore += newlinesIn(block);
    skip = 0;
  }
}

function oddRow(file: string, line: number, got: number | undefined, expected: number | undefined): UsageError {
  const fix = 'was it cut, or does a cell hold the delimiter without quotes around it?';
  return new UsageError(
    `--usage ${file}: line ${line}: ${got} cells where the rows before it have ${expected}; ${fix}`,
  );
}

/** A line ends a record where as many quotes were opened as closed; a doubled one is both. */
async function* wholeRecords(file: string, text: AsyncGenerator<string>): AsyncGenerator<string> {
  let pending: string[] = [];
  let length = 0;
  let isQuoted = false;
  for await (const chunk of text) {
    const end = lastRecordEnd(chunk, isQuoted);
    if (end > 0) {
      yield [...pending, chunk.slice(0, end)].join('');
      pending = [];
      length = 0;
    }
    pending.push(chunk.slice(end));
    length += chunk.length - end;
    if ((chunk.split('"').length - 1) % 2 === 1) isQuoted = !isQuoted;
    if (length > MOST_RECORD) {
      throw new UsageError(
        `--usage ${file}: no CSV: a record is longer than ${MOST_RECORD / 1e6} MB: is a quote not closed?`,
      );
    }
  }
  const rest = pending.join('');
  if (rest.trim() !== '') yield rest;
}

/** After the last line end outside quotes; 0 where there is none. */
function lastRecordEnd(chunk: string, isQuoted: boolean): number {
  const parts = chunk.split('"');
  let from = chunk.length;
  for (let at = parts.length - 1; at >= 0; at--) {
    const part = parts[at] ?? '';
    from -= part.length;
    const newline = (at % 2 === 1) === isQuoted ? part.lastIndexOf('\n') : -1;
    if (newline >= 0) return from + newline + 1;
    from -= 1;
  }
  return 0;
}

function parsedBlock(file: string, block: string, dialect: Dialect, skip: number, linesBefore: number): string[][] {
  try {
    return parse(block, optionsOf(dialect, skip)).flatMap((cells) => {
      const found = dialect.delimiter === '|' ? withoutFrame(cells) : cells;
      return found.length > 0 ? [found] : [];
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lines = typeof error['lines'] === 'number' ? ` (line ${linesBefore + error['lines']} of the file)` : '';
    throw new UsageError(`--usage ${file}: no CSV: ${error.message}${lines}`);
  }
}

/** Where a row stands is asked of bad ones only, and worth parsing its block again: once for all of its rows. */
function linesIn(block: string, dialect: Dialect, skip: number): readonly number[] {
  const lines: number[] = [];
  parse(block, {
    ...optionsOf(dialect, skip),
    onRecord: (cells: readonly string[], context: { readonly lines: number }): null => {
      if (dialect.delimiter !== '|' || withoutFrame(cells).length > 0) lines.push(context.lines);
      return null;
    },
  });
  return lines;
}

function optionsOf({ delimiter }: Dialect, skip: number) {
  const isDrawn = delimiter === '|';
  return {
    delimiter,
    bom: true,
    skip_empty_lines: true,
    trim: true,
    from_line: skip + 1,
    // Told with the header's count, which a block alone does not have.
    relax_column_count: true,
    relax_quotes: isDrawn,
  };
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Comma, semicolon, tab or pipe, whichever the header has most of; `sep=;` is how spreadsheets say it. */
function dialectOf(head: string): Dialect {
  const lines = head.replace(/^\uFEFF/, '').split(/\r?\n/);
  const [, said] = /^sep=(.)$/i.exec(lines[0] ?? '') ?? [];
  if (said !== undefined) return { delimiter: said, skip: 1 };
  const header = lines.find((line) => line.trim() !== '' && !isFrame(line)) ?? '';
  const [delimiter = ','] = [',', ';', '\t', '|'].sort((a, b) => header.split(b).length - header.split(a).length);
  return { delimiter, skip: 0 };
}

/** Lines that only draw: `+----+----+` of a database's client, `|---|---|` of Markdown. */
function isFrame(line: string): boolean {
  return /^[\s|+:=-]+$/.test(line) && line.includes('--');
}

function withoutFrame(cells: readonly string[]): string[] {
  if (isFrame(cells.join('|'))) return [];
  const from = cells[0] === '' ? 1 : 0;
  const to = cells.at(-1) === '' ? cells.length - 1 : cells.length;
  return cells.slice(from, Math.max(from, to));
}
