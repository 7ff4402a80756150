import { CsvError, parse } from 'csv-parse/sync';
import { messageInOneLine } from '../../core/errors';
import { UsageError } from '../errors';
import { isRecord, type Fields } from './formats/format';

/** A document is held whole, as its end may be what makes it one. */
const MOST_DOCUMENT = 64_000_000;
/** The first record of each kind is within this. */
const HEAD = 64 * 1024;
const MOST_RECORD = 8_000_000;

/** Some records of a file, in their order. */
export type Batch = readonly { readonly record: unknown; readonly place: string }[];

export type Content =
  | { readonly kind: 'table'; readonly names: readonly string[]; readonly rows: AsyncGenerator<TableBatch> }
  | { readonly kind: 'json' | 'jsonLines'; readonly records: AsyncGenerator<Batch> };

export interface TableBatch {
  readonly rows: readonly (readonly string[])[];
  /** In the file, counted from 1. */
  readonly lineOf: (row: number) => number;
}

/** Told by content: JSON begins with a bracket, JSON lines have a whole object in their first line and go on. @throws UsageError */
export async function contentOf(file: string, text: AsyncGenerator<string>): Promise<Content> {
  let head = '';
  while (head.length < HEAD) {
    const next = await text.next();
    if (next.done === true) break;
    head += next.value;
  }
  const start = head.trimStart();
  if (start === '') throw new UsageError(`--usage ${file}: it holds nothing but blanks`);
  const all = joined(head, text);
  if (start.startsWith('[')) return { kind: 'json', records: documentRecords(file, all) };
  if (!start.startsWith('{')) return tableOf(file, all, head);
  return isJsonLines(start)
    ? { kind: 'jsonLines', records: lineRecords(file, all) }
    : { kind: 'json', records: documentRecords(file, all) };
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** A first line that is cut off by the head is long, and a line: a document in one line is read by its lines as well. */
function isJsonLines(start: string): boolean {
  const end = start.indexOf('\n');
  const line = end < 0 ? start : start.slice(0, end);
  if (end < 0 && line.length >= HEAD) return true;
  return parsed(line.trim()) !== undefined;
}

async function* lineRecords(file: string, text: AsyncGenerator<string>): AsyncGenerator<Batch> {
  let rest = '';
  let number = 0;
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_DOCUMENT) throw tooLarge(file);
    const batch = lines.flatMap((line) => lineRecord(file, line, ++number));
    if (batch.length > 0) yield batch;
  }
  const last = lineRecord(file, rest, ++number);
  if (last.length > 0) yield last;
}

function lineRecord(file: string, line: string, number: number): Batch {
  const trimmed = line.trim();
  if (trimmed === '') return [];
  const record = parsed(trimmed);
  if (record === undefined)
    throw new UsageError(`--usage ${file}: line ${number} is no JSON, as the lines before it are`);
  return [{ record, place: `line ${number}` }];
}

async function* documentRecords(file: string, text: AsyncGenerator<string>): AsyncGenerator<Batch> {
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of text) {
    length += chunk.length;
    if (length > MOST_DOCUMENT) throw tooLarge(file);
    parts.push(chunk);
  }
  let document: unknown;
  try {
    document = JSON.parse(parts.join(''));
  } catch (error) {
    throw new UsageError(`--usage ${file}: no JSON: ${messageInOneLine(error)}`);
  }
  yield Array.isArray(document)
    ? document.map((record: unknown, at) => ({ record, place: `[${at}]` }))
    : [{ record: document, place: 'the document' }];
}

function tooLarge(file: string): UsageError {
  return new UsageError(
    `--usage ${file}: a JSON document of more than ${MOST_DOCUMENT / 1e6} MB; make JSON lines of it, which have no limit: jq -c '.[]'`,
  );
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
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
    const lineOf = (row: number) => before + lineIn(block, dialect, skipped, row);
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

/** Where a row stands is asked of bad ones only, and worth parsing its block again. */
function lineIn(block: string, dialect: Dialect, skip: number, row: number): number {
  const lines: number[] = [];
  parse(block, {
    ...optionsOf(dialect, skip),
    onRecord: (cells: readonly string[], context: { readonly lines: number }): null => {
      if (dialect.delimiter !== '|' || withoutFrame(cells).length > 0) lines.push(context.lines);
      return null;
    },
  });
  return lines[row] ?? 0;
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
