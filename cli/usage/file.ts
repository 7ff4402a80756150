import { createReadStream, openSync, readSync, closeSync, fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { UsageError } from '../errors';

/** What a file begins with, of formats that are not read: their name, and what to do. */
const OTHERS: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a ZIP archive (or a spreadsheet): unpack it, or save it as CSV'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'compressed with zstd: unpack it with zstd -d, or use gzip'],
  [[0x42, 0x5a, 0x68], 'compressed with bzip2: unpack it with bunzip2, or use gzip'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'compressed with xz: unpack it with unxz, or use gzip'],
  [[0x50, 0x41, 0x52, 0x31], 'Parquet: export it as CSV (Data Exports offers gzip/csv), or as JSON lines'],
  [[0x25, 0x50, 0x44, 0x46], 'a PDF: export the table as CSV'],
];
const GZIP = [0x1f, 0x8b];
const CHUNK = 256 * 1024;

/** A usage file as text, whatever it is packed in. */
export interface UsageFile {
  readonly packed: 'gzip' | undefined;
  readonly size: number;
  /** Bytes of the file that were read so far. */
  readonly readBytes: () => number;
  readonly text: AsyncGenerator<string>;
}

/** @throws UsageError where it is not there, not readable, or packed in a way that is not read; also from its text */
export function openUsage(file: string): UsageFile {
  const { head, size } = headOf(file);
  const other = OTHERS.find(([magic]) => startsWith(head, magic));
  if (other) throw new UsageError(`--usage ${file}: it is ${other[1]}`);
  if (size === 0) throw new UsageError(`--usage ${file}: it is empty`);
  const packed = startsWith(head, GZIP) ? ('gzip' as const) : undefined;
  const raw = createReadStream(file, { highWaterMark: CHUNK });
  return { packed, size, readBytes: () => raw.bytesRead, text: textOf(file, raw, packed) };
}

async function* textOf(
  file: string,
  raw: ReturnType<typeof createReadStream>,
  packed: 'gzip' | undefined,
): AsyncGenerator<string> {
  let bytes: Readable = raw;
  if (packed !== undefined) {
    const gunzip = createGunzip({ chunkSize: CHUNK });
    raw.on('error', (error) => gunzip.destroy(error));
    bytes = raw.pipe(gunzip);
  }
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      decoder ??= decoderOf(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (error) {
    throw codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? new UsageError(`--usage ${file}: it is no text in UTF-8: ${others()}`)
      : unreadable(file, error);
  } finally {
    raw.destroy();
  }
}

/** UTF-8; UTF-16 where its mark says so, as PowerShell redirects. A first mark is no part of the text. */
function decoderOf(chunk: Buffer): TextDecoder {
  if (startsWith(chunk, [0xff, 0xfe])) return new TextDecoder('utf-16le', { fatal: true });
  if (startsWith(chunk, [0xfe, 0xff])) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
}

function headOf(file: string): { readonly head: Buffer; readonly size: number } {
  let handle: number | undefined;
  try {
    handle = openSync(file, 'r');
    const stat = fstatSync(handle);
    if (stat.isDirectory()) throw new UsageError(`--usage ${file}: it is a folder; name one file`);
    const head = Buffer.alloc(8);
    return { head: head.subarray(0, readSync(handle, head, 0, head.length, 0)), size: stat.size };
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function unreadable(file: string, error: unknown): Error {
  if (error instanceof UsageError) return error;
  const code = codeOf(error);
  if (code === undefined) return error as Error;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EACCES: 'you may not read it',
    EPERM: 'you may not read it',
    Z_BUF_ERROR: 'its gzip ends too early: was it copied whole?',
    Z_DATA_ERROR: 'its gzip is damaged',
  };
  return new UsageError(`--usage ${file}: ${why[code] ?? `it could not be read (${code})`}`);
}

export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function others(): string {
  return 'CSV, JSON or JSON lines are read, plain or in gzip';
}
