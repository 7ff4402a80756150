import { messageInOneLine } from '../../core/errors';
import { UsageError } from '../errors';
import { isRecord, type Fields, type ListPath, type Part } from './formats/format';
import { JsonStream, JsonStreamError, type Piece } from './json-stream';

/** How much of a file's JSON is held at once. */
export interface JsonLimits {
  /** Characters of a document or of a line; a longer one is read in parts. */
  readonly whole: number;
  /** Bytes of one part: an element of an array, an entry of a report, a span, or a record that has no parts. */
  readonly record: number;
}

export const JSON_LIMITS: JsonLimits = { whole: 4_000_000, record: 64_000_000 };

const AT_ONCE = 64 * 1024;

/** Some records of a file, in their order. */
export type Batch = readonly { readonly record: unknown; readonly place: string; readonly part?: Part | undefined }[];

export interface JsonFile {
  readonly file: string;
  readonly limits: JsonLimits;
  /** Of the format as it is known by then: what of an object may be too long to hold. */
  readonly lists: () => readonly ListPath[];
}

/** One document, an object or an array. */
export async function* documentRecords(of: JsonFile, text: AsyncGenerator<string>): AsyncGenerator<Batch> {
  const parts: string[] = [];
  let length = 0;
  let long: Long | undefined;
  for await (const chunk of text) {
    if (long !== undefined) yield long.write(chunk);
    else {
      parts.push(chunk);
      length += chunk.length;
      if (length > of.limits.whole) {
        long = new Long(of, 'the document');
        for (const part of parts.splice(0)) yield* long.writeAll(part);
      }
    }
  }
  if (long !== undefined) return long.end();
  let document: unknown;
  try {
    document = JSON.parse(parts.join(''));
  } catch (error) {
    throw new UsageError(`--usage ${of.file}: no JSON: ${messageInOneLine(error)}`);
  }
  yield Array.isArray(document)
    ? document.map((record: unknown, at) => ({ record, place: `[${at}]` }))
    : [{ record: document, place: 'the document' }];
}

/** What begins with an object: one a line, or one document whose first line is too long for that to be told before. */
export class JsonLines {
  private rest = '';
  private number = 0;
  private long: Long | undefined;
  private isOne = false;

  constructor(private readonly of: JsonFile) {}

  /** One document over several lines, which its first line did not show. Known once it was read. */
  get isDocument(): boolean {
    return this.isOne;
  }

  async *records(text: AsyncGenerator<string>): AsyncGenerator<Batch> {
    for await (const chunk of text) {
      let from = 0;
      if (this.long !== undefined) {
        const end = this.isOne ? -1 : chunk.indexOf('\n');
        yield this.long.write(end < 0 ? chunk : chunk.slice(0, end));
        if (end < 0) continue;
        from = end;
        if (this.endsLine()) from = end + 1;
        else {
          yield this.long.write(chunk.slice(from));
          continue;
        }
      }
      yield this.lines(chunk.slice(from));
      if (this.rest.length > this.of.limits.whole) {
        this.number += 1;
        this.long = new Long(this.of, `line ${this.number}`);
        yield* this.long.writeAll(this.rest);
        this.rest = '';
      }
    }
    if (this.long === undefined) yield this.line(this.rest);
    else this.long.end();
  }

  private lines(text: string): Batch {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.line(line));
  }

  private line(line: string): Batch {
    this.number += 1;
    const trimmed = line.trim();
    if (trimmed === '') return [];
    const record = parsedObject(trimmed);
    if (record === undefined) throw this.noJson();
    return [{ record, place: `line ${this.number}` }];
  }

  /** @returns whether the long value ends with its line; the first one of a file may be a document of several */
  private endsLine(): boolean {
    if (this.long?.isComplete === true) {
      this.long = undefined;
      return true;
    }
    if (this.number > 1) throw this.noJson();
    this.isOne = true;
    this.long?.goesOn();
    return false;
  }

  private noJson(): UsageError {
    return new UsageError(`--usage ${this.of.file}: line ${this.number} is no JSON, as the lines before it are`);
  }
}

/** A document or a line that is too long to be held. */
class Long {
  private readonly stream: JsonStream;

  constructor(
    private readonly of: JsonFile,
    private place: string,
  ) {
    this.stream = new JsonStream(of.lists(), of.limits.record);
  }

  get isComplete(): boolean {
    return this.stream.isComplete;
  }

  /** Over its line's end: it is all of the file. */
  goesOn(): void {
    this.place = 'the document';
  }

  write(text: string): Batch {
    return this.told(() => this.stream.write(text)).map((piece) => this.record(piece));
  }

  /** What was held: a part of it at a time, lest all that is in it be there at once. */
  *writeAll(text: string): Generator<Batch> {
    for (let from = 0; from < text.length; from += AT_ONCE) yield this.write(text.slice(from, from + AT_ONCE));
  }

  end(): void {
    this.told(() => this.stream.end());
  }

  private record({ value, path, part }: Piece): Batch[number] {
    const inside = this.place === 'the document' ? path : `${this.place}: ${path}`;
    return { record: value, place: path === '' ? this.place : inside, part };
  }

  private told<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof JsonStreamError)) throw error;
      const line = this.place === 'the document' ? '' : `${this.place}: `;
      throw new UsageError(`--usage ${this.of.file}: ${line}${error.message}`);
    }
  }
}

/** @returns undefined where it is no object, or no JSON */
export function parsedObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
