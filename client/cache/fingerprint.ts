import * as crypto from 'node:crypto';
import { isConverse, type MeteredOperation, record } from '../../core/in-path';
import { bytesOf, parseJson } from '../body';

/** From so many characters on, a text goes in by its own hash: to join it with the rest would copy it. */
const PIECE = 8_192;
/** They name the model and the caller, and change nothing in the answer. */
const NOT_THE_QUESTION = new Set(['modelId', 'requestMetadata']);

/**
 * What a request asks. It is taken apart at once, so that what its owner does to it later changes nothing, and hashed only
 * where somebody wants to know: that takes longer than all else that a call out of the cache's sight needs.
 */
export class Question {
  /** 32 bits of a sample of it: the same for the same question, so that most others are told apart without a hash. */
  readonly mark: number;
  private walk: Walk | undefined;
  private known: string | undefined;

  /** @param model who is asked: a model's id, or the tiers that may answer */
  constructor(operation: MeteredOperation, model: string, input: object) {
    const walk = new Walk();
    walk.value([2, operation, model]);
    if (isConverse(operation)) {
      walk.fields(input, NOT_THE_QUESTION);
    } else {
      const { body, ...rest } = record(input);
      walk.fields(rest, NOT_THE_QUESTION);
      const bytes = bytesOf(body);
      walk.value(parseJson(bytes) ?? bytes);
    }
    this.walk = walk;
    this.mark = walk.mark();
  }

  /**
   * The same for the same question, whatever the order of its fields. Every value goes in with its type and length, so that no
   * two questions read alike. The prompt cannot be found from it, and is let go of.
   */
  get fingerprint(): string {
    if (this.known === undefined) {
      this.known = this.walk?.digest() ?? '';
      this.walk = undefined;
    }
    return this.known;
  }
}

class Walk {
  /** Long texts, each after the short ones before it. */
  private readonly texts: string[] = [];
  private readonly before: string[] = [];
  private pending = '';

  digest(): string {
    let all = '';
    this.texts.forEach((text, at) => {
      all += `${this.before[at] ?? ''}${isWellFormed(text) ? 'S' : 'U'}${text.length}:${sha256(text, 'hex')}`;
    });
    return sha256(all + this.pending, 'base64url');
  }

  mark(): number {
    let mark = sampled(this.pending, 0x811c9dc5);
    for (const text of this.before) mark = sampled(text, mark);
    for (const text of this.texts) mark = sampled(text, mark);
    return mark;
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.pending += Object.is(value, -0) ? 'n-0;' : `n${value};`;
    else if (typeof value === 'boolean' || value === null || value === undefined) this.pending += `${String(value)};`;
    else if (typeof value === 'bigint') this.pending += `i${value};`;
    // Whoever owns the bytes may write to them.
    else if (value instanceof Uint8Array) this.pending += `b${value.length}:${sha256(value, 'hex')}`;
    else if (Array.isArray(value)) {
      this.pending += `a${value.length}:`;
      for (const each of value) this.value(each);
    } else this.fields(value);
  }

  fields(value: object, except?: ReadonlySet<string>): void {
    const fields = value as Readonly<Record<string, unknown>>;
    const names: string[] = [];
    for (const name of Object.keys(fields)) {
      if (fields[name] !== undefined && except?.has(name) !== true) names.push(name);
    }
    inOrder(names);
    this.pending += `o${names.length}:`;
    for (const name of names) {
      this.text(name);
      this.value(fields[name]);
    }
  }

  private text(value: string): void {
    if (value.length < PIECE) {
      this.pending += `s${value.length}:${value}`;
      return;
    }
    this.before.push(this.pending);
    this.texts.push(value);
    this.pending = '';
  }
}

/** Few names are ordered sooner in place than by the engine's sort, which makes lists of its own. */
function inOrder(names: string[]): void {
  if (names.length > 16) names.sort();
  else
    for (let from = 1; from < names.length; from += 1) {
      const name = names[from] as string;
      let at = from;
      for (; at > 0 && (names[at - 1] as string) > name; at -= 1) names[at] = names[at - 1] as string;
      names[at] = name;
    }
}

const EVERY = 64;
const AT_THE_END = 32;

/** FNV-1a over the length, about so many characters evenly, and the last ones: there what is asked anew often differs. */
function sampled(text: string, mark: number): number {
  const { length } = text;
  let hash = Math.imul(mark ^ length, 0x01000193);
  const step = Math.max(1, Math.floor(length / EVERY));
  for (let at = 0; at < length; at += step) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  for (let at = Math.max(0, length - AT_THE_END); at < length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** Of later releases of Node 20; without a stream around it, which takes longer than a short text. */
const { hash } = crypto as Partial<Pick<typeof crypto, 'hash'>>;

function sha256(value: string | Uint8Array, encoding: 'hex' | 'base64url'): string {
  // As UTF-8 every half of a surrogate pair that stands alone would be the same character. Neither form reads like the other:
  // the whole begins with two letters of ASCII, and long texts say which they are in.
  const bytes = typeof value === 'string' && !isWellFormed(value) ? Buffer.from(value, 'utf16le') : value;
  return hash ? hash('sha256', bytes, encoding) : crypto.createHash('sha256').update(bytes).digest(encoding);
}

/** Of ES2024, and in Node since 20: for a text of one byte a character it costs nothing. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
