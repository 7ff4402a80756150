import type { AnswerUsage } from '../../../core/in-path';
import type { Times } from '../times';

/** One usage of one model, as a file has it. */
export interface ReadRow {
  readonly at: number;
  /** What the row stands for; 0: one call, or several at once. */
  readonly spanMs: number;
  /** As the file calls it. */
  readonly model: string;
  readonly tokens: AnswerUsage;
  /** What makes the row itself, such as a request id; absent: its time, model and tokens. */
  readonly id?: string;
}

/** What became of one record: rows, a reason why it is no usage of Bedrock, or what is wrong with it. */
export type Outcome =
  { readonly rows: readonly ReadRow[] } | { readonly leftOut: string } | { readonly problems: readonly string[] };

/** What a person says of a file that does not say it itself. */
export interface Said {
  readonly times: Times;
  /** Milliseconds that each sum stands for. */
  readonly periodMs?: number | undefined;
  /** Of a file that names no model. */
  readonly model?: string | undefined;
}

/** A record: a row of a table by its columns, or a JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export interface Columns {
  /** By position in the header; undefined: not read. */
  readonly fields: readonly (string | undefined)[];
  /** What the header itself says of every row. */
  readonly constants?: Readonly<Record<string, string>>;
  readonly problems: readonly string[];
}

/**
 * Where an object has a list that may be too long to hold: its keys from the top, `{}` for every key of an object, `[]` for
 * every element of a list, which it ends with.
 */
export type ListPath = readonly string[];

/**
 * Of an object that is too long to hold: one element of a list, in a copy of the object that has no other one, or in the end
 * what is left of the object, its lists empty.
 */
export type Part =
  | {
      readonly kind: 'part';
      /** The key at the top below which the list stands. */
      readonly list: string;
      /** In its list, counted from 0. */
      readonly at: number;
    }
  | { readonly kind: 'rest' };

/** One way in which people have their usage. */
export interface UsageFormat {
  readonly name: string;
  /** What such a file cannot tell, in words for people. */
  readonly lacks: readonly string[];
  /** By the first record's keys, or the header of a table. */
  readonly fits: (keys: ReadonlySet<string>) => boolean;
  /** Of a table: which columns are read, under which key. Absent: every one, under its own name. */
  readonly columns?: (names: readonly string[]) => Columns;
  /** Whether the keys of JSON objects go by `columns` too, as they do where they are a person's own. */
  readonly mapsKeys?: boolean;
  /** What of an object may be too long to hold. Absent: an object is one record. */
  readonly lists?: readonly ListPath[];
  /** A reader of one file's records in their order. */
  readonly open: (said: Said) => RecordReader;
}

export interface RecordReader {
  readonly read: (record: Fields, part?: Part) => Outcome;
  /** After the last record: what is wrong with the whole. */
  readonly end?: () => readonly string[];
  /** What was found on the way that a person should know. */
  readonly remarks?: () => readonly string[];
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/**
 * Input tokens without those of a cache, where a source counts them in.
 * @param cached read and written together
 * @returns the input as it is where the cache has more: then the source cannot have counted it in
 */
export function withoutCache(input: number, cached: number): number {
  return input >= cached ? input - cached : input;
}
