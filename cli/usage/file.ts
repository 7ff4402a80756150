import { createReadStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
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
/** Larger ones are hardly faster, and what comes of one lives long enough to cost tens of megabytes. */
const CHUNK = 64 * 1024;

/** A usage file as text, whatever it is packed in. */
export interface UsageFile {
  readonly packed: 'gzip' | undefined;
  /** How much of it was read so far; undefined for a pipe, which has no end yet. */
  readonly percent: () => number | undefined;
  readonly text: AsyncGenerator<string>;
}

/** @throws UsageError where it is not there, not readable, or packed in a way that is not read; also from its text */
export async function openUsage(file: string): Promise<UsageFile> {
  const raw = createReadStream(file, { highWaterMark: CHUNK });
  const chunks: AsyncIterator<Buffer> = raw[Symbol.asyncIterator]();
  let first: Buffer;
  try {
    const next = await chunks.next();
    if (next.done === true) throw new UsageError(`--usage ${file}: it is empty`);
    first = next.value;
  } catch (error) {
    throw unreadable(file, error);
  }
  const other = OTHERS.find(([magic]) => startsWith(first, magic));
  if (other) {
    raw.destroy();
    throw new UsageError(`--usage ${file}: it is ${other[1]}`);
  }
  const packed = startsWith(first, GZIP) ? ('gzip' as const) : undefined;
  const { size } = statSync(file);
  return {
    packed,
    percent: () => (size === 0 ? undefined : Math.floor((100 * raw.bytesRead) / size)),
    text: textOf(file, again(first, chunks), packed),
  };
}

async function* again(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* textOf(file: string, raw: AsyncGenerator<Buffer>, packed: 'gzip' | undefined): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of packed === undefined ? raw : unpacked(raw)) {
      decoder ??= decoderOf(chunk);
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (error) {
    throw codeOf(error) === 'ERR_ENCODING_INVALID_ENCODED_DATA'
      ? new UsageError(`--usage ${file}: it is no text in UTF-8: CSV, JSON or JSON lines are read, plain or in gzip`)
      : unreadable(file, error);
  }
}

function unpacked(raw: AsyncGenerator<Buffer>): AsyncIterable<Buffer> {
  const bytes = Readable.from(raw);
  const gunzip = createGunzip({ chunkSize: CHUNK });
  bytes.on('error', (error) => gunzip.destroy(error));
  return bytes.pipe(gunzip);
}

/** UTF-8; UTF-16 where its mark says so, as PowerShell redirects. A first mark is no part of the text. */
function decoderOf(chunk: Buffer): TextDecoder {
  if (startsWith(chunk, [0xff, 0xfe])) return new TextDecoder('utf-16le', { fatal: true });
  if (startsWith(chunk, [0xfe, 0xff])) return new TextDecoder('utf-16be', { fatal: true });
  return new TextDecoder('utf-8', { fatal: true });
}

function unreadable(file: string, error: unknown): Error {
  if (error instanceof UsageError) return error;
  const code = codeOf(error);
  if (code === undefined) return error as Error;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EISDIR: 'it is a folder; name one file',
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
