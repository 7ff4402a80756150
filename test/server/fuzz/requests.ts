import { between, type Random } from '../../../simulator/random';
import { CLAUDE, LARGE_PROFILE, PROFILE } from '../../helpers/guarded-client';
import type { Fault } from './upstream';

export type Header = readonly [name: string, value: string];

/** A request before anything is done to it. */
export interface Plain {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
}

export const OPERATIONS = ['converse', 'converse-stream', 'invoke', 'invoke-with-response-stream'] as const;
export type Operation = (typeof OPERATIONS)[number];

export function oneOf<T>(random: Random, all: readonly T[]): T {
  return all[Math.floor(random() * all.length)] as T;
}

export interface Wanted {
  readonly operation?: Operation;
  readonly model?: string;
  readonly maxTokens?: unknown;
  readonly body?: object;
  readonly fault?: Fault;
}

export const MODELS = [PROFILE, LARGE_PROFILE, `us.${CLAUDE}`] as const;

/** One that is answered. @param id by which the upstream and the caller know it */
export function plain(random: Random, id: string, wanted: Wanted = {}): Plain {
  const operation = wanted.operation ?? oneOf(random, OPERATIONS);
  const model = wanted.model ?? oneOf(random, MODELS);
  const maxTokens = 'maxTokens' in wanted ? wanted.maxTokens : between(random, 1, 300);
  const body = wanted.body ?? bodyFor(operation, model, maxTokens, words(random));
  return {
    method: 'POST',
    path: `/model/${encodeURIComponent(model)}/${operation}`,
    headers: [
      ['content-type', 'application/json'],
      ['x-fuzz-id', id],
      ...(wanted.fault === undefined ? [] : [['x-fuzz-fault', wanted.fault] as const]),
    ],
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function bodyFor(operation: string, model: string, maxTokens: unknown, text: string): object {
  const messages = [{ role: 'user', content: [{ text }] }];
  if (operation.startsWith('converse')) return { messages, inferenceConfig: { maxTokens } };
  if (!model.includes('anthropic')) return { messages, inferenceConfig: { maxTokens } };
  const content = [{ type: 'text', text }];
  return { anthropic_version: 'bedrock-2023-05-31', max_tokens: maxTokens, messages: [{ role: 'user', content }] };
}

export function words(random: Random): string {
  return Array.from({ length: between(random, 1, 30) }, () =>
    oneOf(random, ['hello', 'wörld', '漢字', '🙂', '"quoted"', '\\u0000', '\r\nX: y', '{}']),
  ).join(' ');
}

/** As HTTP/1.1 writes it. `own`: instead of the Content-Length and the Host that it should have. */
export function h1(
  { method, path, headers, body }: Plain,
  host: string,
  own: { readonly host?: readonly Header[]; readonly length?: readonly Header[]; readonly close?: boolean } = {},
): Buffer {
  const all: readonly Header[] = [
    ...(own.host ?? [['Host', host]]),
    ...headers,
    ...(own.length ?? [['Content-Length', String(body.length)]]),
    ...(own.close === false ? [] : [['Connection', 'close'] as const]),
  ];
  const head = `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

export function chunked(random: Random, body: Buffer, extension = ''): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const piece = body.subarray(at, at + between(random, 1, 64));
    pieces.push(Buffer.from(`${piece.length.toString(16)}${extension}\r\n`), piece, Buffer.from('\r\n'));
    at += piece.length;
  }
  return Buffer.concat([...pieces, Buffer.from('0\r\n\r\n')]);
}

export function sliced(random: Random, bytes: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 1)
    pieces.push(bytes.subarray(at, at + between(random, 1, 120)));
  return pieces;
}
