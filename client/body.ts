import { isAscii } from 'node:buffer';
import { invokeBody, type InvokeBody } from '../core/in-path';

/** As the SDK takes it from callers. */
export function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  return Buffer.alloc(0);
}

/** As the SDK sends it. A string stays one: that of a long prompt takes longer to copy than all else that is done with it. */
export type Body = string | Buffer;

export function bodyOf(body: unknown): Body {
  return typeof body === 'string' ? body : bytesOf(body);
}

/** The larger of the text's bytes before and after NFKC, with which some tokenizers begin: it can make 11 of one (T10). */
export function textBytes(body: Body): number {
  const length = Buffer.byteLength(body);
  const escaped = body.includes('\\u');
  const ascii = typeof body === 'string' ? length === body.length : isAscii(body);
  if (!escaped && ascii) return length;
  const text = escaped ? unescaped(body) : textOf(body);
  return Math.max(length, Buffer.byteLength(text.normalize('NFKC')));
}

function unescaped(body: Body): string {
  const parsed = parseJson(body);
  return parsed === undefined ? textOf(body) : JSON.stringify(parsed);
}

function textOf(body: Body): string {
  return typeof body === 'string' ? body : body.toString('utf8');
}

/** Undefined where it is no JSON. */
export function parseJson(body: Body): unknown {
  try {
    return JSON.parse(textOf(body));
  } catch {
    return undefined;
  }
}

export function readInvokeBody(modelId: string, body: unknown): InvokeBody | undefined {
  return invokeBody(modelId, parseJson(bodyOf(body)));
}

/**
 * Whether the body still asks for `maxTokens`, as its input said before it was serialized. In JSON text a key of its own
 * is `"maxTokens":`, never part of a string, whose quotes are escaped; where other objects have one too, it is parsed.
 */
export function asksFor(body: Body, maxTokens: number): boolean {
  const key = '"maxTokens":';
  const at = body.indexOf(key);
  if (at < 0) return false;
  if (at === body.lastIndexOf(key)) {
    const from = at + key.length;
    const text = typeof body === 'string' ? body.slice(from, from + 20) : body.toString('latin1', from, from + 20);
    return Number.parseInt(text, 10) === maxTokens && /^\d+\s*[,}]/.test(text);
  }
  const parsed = parseJson(body) as { inferenceConfig?: { maxTokens?: unknown } } | undefined;
  return parsed?.inferenceConfig?.maxTokens === maxTokens;
}
