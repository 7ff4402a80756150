import { createHash } from 'node:crypto';
import { isConverse, type MeteredOperation } from '../../core/in-path/operations';
import { record } from '../../core/in-path/request';
import { bytesOf, parseJson } from '../body';

/** From so many characters or bytes on, a value goes in by its own hash: to join it with the rest would copy it. */
const PIECE = 8_192;
/** They name the model and the caller, and change nothing in the answer. */
const NOT_THE_QUESTION = new Set(['modelId', 'requestMetadata']);

/**
 * What a request asks, as a hash: the same for the same question, whatever the order of its fields. Every value goes in with
 * its type and length, so that no two questions read alike. The prompt cannot be found from it.
 * @param model who is asked: a model's id, or the tiers that may answer
 */
export function fingerprint(operation: MeteredOperation, model: string, input: object): string {
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
  return walk.digest();
}

class Walk {
  private pending = '';

  digest(): string {
    return sha256(this.pending, 'base64url');
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.add(Object.is(value, -0) ? 'n-0;' : `n${value};`);
    else if (typeof value === 'boolean' || value === null || value === undefined) this.add(`${String(value)};`);
    else if (typeof value === 'bigint') this.add(`i${value};`);
    else if (value instanceof Uint8Array) this.bytes(value);
    else if (Array.isArray(value)) {
      this.add(`a${value.length}:`);
      for (const each of value) this.value(each);
    } else this.fields(value);
  }

  fields(value: object, except?: ReadonlySet<string>): void {
    const fields = value as Readonly<Record<string, unknown>>;
    const names = Object.keys(fields)
      .filter((name) => fields[name] !== undefined && except?.has(name) !== true)
      .sort();
    this.add(`o${names.length}:`);
    for (const name of names) {
      this.text(name);
      this.value(fields[name]);
    }
  }

  private text(value: string): void {
    // As UTF-8 every half of a surrogate pair that stands alone would be the same character.
    if (!isWellFormed(value)) this.add(`u${value.length}:${sha256(Buffer.from(value, 'utf16le'), 'hex')}`);
    else if (value.length < PIECE) this.add(`s${value.length}:${value}`);
    else this.add(`S${value.length}:${sha256(value, 'hex')}`);
  }

  private bytes(value: Uint8Array): void {
    this.add(`b${value.length}:${sha256(value, 'hex')}`);
  }

  private add(text: string): void {
    this.pending += text;
  }
}

function sha256(value: string | Uint8Array, encoding: 'hex' | 'base64url'): string {
  return createHash('sha256').update(value).digest(encoding);
}

/** Of ES2024, and in Node since 20: for a text of one byte a character it costs nothing. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
