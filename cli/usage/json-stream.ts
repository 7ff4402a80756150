import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { messageInOneLine } from '../../core/errors';
import { isRecord, type ListPath, type Part } from './formats/format';

/** Taken out once: looked up for each token they cost as much as the parsing of it. */
const { STRING, COLON, LEFT_BRACE, RIGHT_BRACE, LEFT_BRACKET, RIGHT_BRACKET } = TokenType;
/** Every element of an array at the top. */
const ELEMENTS: ListPath = ['[]'];
/** Of brackets within brackets; what a model's request can hold has a few dozen. */
const MOST_DEPTH = 1_000;
/** The tokenizer's working memory; a longer text is put together from such pieces. */
const STRING_BUFFER = 64 * 1024;
const NUMBER_BUFFER = 64;

/** Something of a value that is read as a stream. */
export interface Piece {
  readonly value: unknown;
  /** Such as `[3]` or `daily[17]`; nothing for the value as a whole. */
  readonly path: string;
  /** Absent: the value is whole. */
  readonly part?: Part;
}

/** Why a value cannot be read as a stream; its message names the place within the value. */
export class JsonStreamError extends Error {}

interface Found {
  readonly value?: unknown;
  readonly key?: string | number | undefined;
  readonly parent?: object | undefined;
  readonly stack: readonly { readonly key?: string | number | undefined; readonly value?: object | undefined }[];
}

/**
 * One JSON value that is given in pieces of text. An array comes as its elements, an object as the parts of its long lists,
 * each in a copy of the object that holds what was said before it and no other part, and then as the rest without them.
 * What was handed out is let go of, so memory is bounded by the longest part.
 */
export class JsonStream {
  private readonly tokenizer = new Tokenizer({ stringBufferSize: STRING_BUFFER, numberBufferSize: NUMBER_BUFFER });
  private parser: TokenParser | undefined;
  /** Lists that came to their end, by what holds them. */
  private readonly ended = new WeakMap<object, Set<unknown>>();
  private pieces: Piece[] = [];
  private isDone = false;
  private isSplit = false;
  private depth = 0;
  private offset = 0;
  private length = 0;
  /** Where the last part ended, in bytes. */
  private from = 0;
  private lastPath = '';
  /** Of the object at the top: the key that is being read. */
  private topKey = '';
  private lastText = '';

  /**
   * @param lists of an object, which may be too long to hold
   * @param mostBytes of one part, or of a value that has none
   */
  constructor(
    private readonly lists: readonly ListPath[],
    private readonly mostBytes: number,
  ) {
    this.tokenizer.onToken = (token) => this.token(token.token, token.value, token.offset);
  }

  /** Whether the value came to its end. */
  get isComplete(): boolean {
    return this.isDone;
  }

  /** @returns what the text completes. @throws JsonStreamError */
  write(text: string): readonly Piece[] {
    this.length += Buffer.byteLength(text);
    try {
      this.tokenizer.write(text);
    } catch (error) {
      if (error instanceof JsonStreamError || !(error instanceof Error)) throw error;
      if (this.isDone) throw this.trailing();
      const why = messageInOneLine(error);
      throw new JsonStreamError(`no JSON${this.after()}: ${why}; jq empty names its line`, { cause: error });
    }
    if (!this.isDone && this.length - this.from > this.mostBytes) throw this.tooLong();
    return this.pieces.splice(0);
  }

  /** @throws JsonStreamError where the value is not complete */
  end(): void {
    if (!this.isDone) throw new JsonStreamError(`no JSON: it ends too early${this.after()}: was it copied whole?`);
  }

  private token(token: TokenType, value: unknown, offset: number): void {
    if (this.isDone) throw this.trailing();
    this.offset = offset;
    if (token === STRING) this.lastText = value as string;
    else if (token === COLON) this.topKey = this.depth === 1 ? this.lastText : this.topKey;
    else if (token === LEFT_BRACE || token === LEFT_BRACKET) this.depth += 1;
    else if (token === RIGHT_BRACE || token === RIGHT_BRACKET) this.depth -= 1;
    if (this.depth > MOST_DEPTH) {
      throw new JsonStreamError(
        `brackets within brackets, more than ${MOST_DEPTH} deep${this.after()}: leave that value out, no usage is in it`,
      );
    }
    this.parser ??= this.parserOf(token === LEFT_BRACKET ? [ELEMENTS] : this.lists);
    this.parser.write({ token, value, offset } as Parameters<TokenParser['write']>[0]);
  }

  private parserOf(lists: readonly ListPath[]): TokenParser {
    const paths = lists.flatMap((list) => list.map((_, at) => selectorOf(list.slice(0, at + 1))));
    // What was read of an object stays in it, as the parts need it; the parts themselves are taken out of it below.
    const parser = new TokenParser({ paths: ['$', ...new Set(paths)], keepStack: true });
    parser.onValue = (found) => this.found(found);
    return parser;
  }

  private found({ value, key, parent, stack }: Found): void {
    if (parent === undefined) return this.foundTop(value);
    const holders = [...stack.slice(1).map((one) => one.value), parent];
    const keys = [...stack.slice(1).map((one) => one.key), key];
    const list = keys.length === 1 && Array.isArray(parent) ? ELEMENTS : this.listAt(holders, keys);
    if (list === undefined) return;
    if (!Array.isArray(parent)) return this.endOf(parent, keys);
    if (keys.length === list.length) this.part(value, holders, keys);
    parent.pop();
  }

  private foundTop(value: unknown): void {
    this.isDone = true;
    if (this.offset - this.from > this.mostBytes) throw this.tooLong();
    if (Array.isArray(value)) return;
    this.pieces.push(this.isSplit ? { value, path: '', part: { kind: 'rest' } } : { value, path: '' });
  }

  private part(value: unknown, holders: readonly (object | undefined)[], keys: readonly unknown[]): void {
    const path = pathOf(keys);
    if (this.offset - this.from > this.mostBytes) throw this.tooLong();
    this.from = this.offset;
    this.lastPath = path;
    const at = Number(keys.at(-1));
    if (holders.length === 1) {
      this.pieces.push({ value, path });
      return;
    }
    this.isSplit = true;
    this.pieces.push({ value: alone(value, holders, keys), path, part: { kind: 'part', list: String(keys[0]), at } });
  }

  /** The list that such a place is on the way to, where what holds it is of the kinds that the list's path says. */
  private listAt(holders: readonly (object | undefined)[], keys: readonly unknown[]): ListPath | undefined {
    return this.lists.find(
      (list) =>
        list.length >= keys.length &&
        keys.every((key, at) => {
          const step = list[at];
          if (step === '[]') return Array.isArray(holders[at]);
          return isRecord(holders[at]) && (step === '{}' || step === key);
        }),
    );
  }

  /** A key that comes again would count in JSON in place of the first, whose parts were read. */
  private endOf(parent: object, keys: readonly unknown[]): void {
    const key = keys.at(-1);
    const ended = this.ended.get(parent) ?? new Set();
    this.ended.set(parent, ended);
    if (ended.has(key)) throw new JsonStreamError(`${pathOf(keys)} is there twice: leave one of them out`);
    ended.add(key);
  }

  private after(): string {
    if (this.lastPath !== '') return ` after ${this.lastPath}`;
    return this.topKey === '' ? '' : ` at '${this.topKey}'`;
  }

  private trailing(): JsonStreamError {
    return new JsonStreamError(
      'no JSON: something follows after its end: one document is read, or one object a line: jq -c .',
    );
  }

  private tooLong(): JsonStreamError {
    const most = `more than ${this.mostBytes / 1e6} MB in one record${this.after()}`;
    const fix =
      this.lastPath === '' && this.topKey !== ''
        ? `no known format has its records there: make JSON lines of them: jq -c '.[${JSON.stringify(this.topKey)}][]'`
        : 'leave out of it what is no usage, such as the bodies of requests';
    return new JsonStreamError(`${most}: ${fix}`);
  }
}

function selectorOf(steps: ListPath): string {
  return ['$', ...steps.map((step) => (step === '[]' || step === '{}' ? '*' : step))].join('.');
}

/** `resourceSpans[0].scopeSpans[0].spans[17]` */
function pathOf(keys: readonly unknown[]): string {
  return keys
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** The value at its place, with what was said around it so far and nothing beside it. */
function alone(value: unknown, holders: readonly (object | undefined)[], keys: readonly unknown[]): unknown {
  return holders.reduceRight<unknown>(
    (inner, holder, at) => (Array.isArray(holder) ? [inner] : { ...holder, [String(keys[at])]: inner }),
    value,
  );
}
