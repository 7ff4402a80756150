import { CsvError, parse, type Parser } from 'csv-parse';
import { UsageError } from '../errors';
import { isRecord, type Fields } from './formats/format';

/** A document is held whole, as its end may be what makes it one. */
const MOST_DOCUMENT = 64_000_000;
/** The first record of each kind is within this. */
const HEAD = 64 * 1024;

/** Some records of a file, in their order. */
export type Batch = readonly { readonly record: unknown; readonly place: string }[];

export type Content =
  | {
      readonly kind: 'table';
      readonly delimiter: string;
      readonly names: readonly string[];
      readonly rows: AsyncGenerator<TableBatch>;
    }
  | { readonly kind: 'json' | 'jsonLines'; readonly records: AsyncGenerator<Batch> };

export interface TableBatch {
  readonly rows: readonly (readonly string[])[];
  /** Of each row, in the file. */
  readonly lines: readonly number[];
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
    throw new UsageError(`--usage ${file}: no JSON: ${error instanceof Error ? error.message : String(error)}`);
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
  const { delimiter, skip } = dialectOf(head);
  const isDrawn = delimiter === '|';
  const rows: (readonly string[])[] = [];
  const lines: number[] = [];
  const parser = parse({
    delimiter,
    bom: true,
    skip_empty_lines: true,
    trim: true,
    from_line: skip + 1,
    relax_column_count: isDrawn,
    relax_quotes: isDrawn,
    onRecord: (record: readonly string[], { lines: line }: { readonly lines: number }): null => {
      const cells = isDrawn ? withoutFrame(record) : record;
      if (cells.length > 0) {
        rows.push(cells);
        lines.push(line);
      }
      return null;
    },
  });
  let wrong: Error | undefined;
  parser.on('error', (error) => (wrong ??= error));
  parser.resume();
  const taken = (): TableBatch => ({ rows: rows.splice(0), lines: lines.splice(0) });
  async function* batches(): AsyncGenerator<TableBatch> {
    for await (const chunk of text) {
      await fed(parser, chunk, () => wrong);
      check(file, wrong);
      if (rows.length > 0) yield taken();
    }
    await ended(parser);
    check(file, wrong);
    if (rows.length > 0) yield taken();
  }
  const all = batches();
  const first = await all.next();
  const batch: TableBatch = first.done === true ? { rows: [], lines: [] } : first.value;
  const [names = [], ...others] = batch.rows;
  async function* withoutHeader(): AsyncGenerator<TableBatch> {
    yield { rows: others, lines: batch.lines.slice(1) };
    yield* all;
  }
  return { kind: 'table', delimiter, names, rows: withoutHeader() };
}

function fed(parser: Parser, chunk: string, wrong: () => Error | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (wrong() !== undefined) resolve();
    else parser.write(chunk, () => resolve());
  });
}

function ended(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    if (parser.destroyed) return resolve();
    parser.once('close', resolve);
    parser.end();
  });
}

function check(file: string, wrong: Error | undefined): void {
  if (wrong === undefined) return;
  if (wrong instanceof CsvError) throw new UsageError(`--usage ${file}: no CSV: ${wrong.message}`);
  throw wrong;
}

/** Comma, semicolon, tab or pipe, whichever the header has most of; `sep=;` is how spreadsheets say it. */
function dialectOf(head: string): { readonly delimiter: string; readonly skip: number } {
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

function withoutFrame(cells: readonly string[]): readonly string[] {
  if (isFrame(cells.join('|'))) return [];
  const from = cells[0] === '' ? 1 : 0;
  const to = cells.at(-1) === '' ? cells.length - 1 : cells.length;
  return cells.slice(from, Math.max(from, to));
}
