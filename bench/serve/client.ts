import { Agent, request, type IncomingMessage } from 'node:http';
/** In a prompt: the stream stays open after its first event, until its caller goes. */
export const HOLD = 'please hold on';

/** Of each answer; the upstream answers with as many. */
export const MAX_TOKENS = 20;

/** One of those that are compared: the same questions, in its own words. */
export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: (stream: boolean) => string;
  readonly body: (text: string, stream: boolean) => string;
}

export function bedrockTarget(url: string, model: string): Target {
  return {
    url,
    headers: {},
    path: (stream) => `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
    body: (text) =>
      JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }], inferenceConfig: { maxTokens: MAX_TOKENS } }),
  };
}

export function openAiTarget(url: string, key: string, model: string): Target {
  return {
    url,
    headers: { authorization: `Bearer ${key}` },
    path: () => '/v1/chat/completions',
    body: (text, stream) =>
      JSON.stringify({ model, stream, max_tokens: MAX_TOKENS, messages: [{ role: 'user', content: text }] }),
  };
}

/** Of that size, and none like another: no cache answers. */
export function prompt(bytes: number, n: number): string {
  return `${'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(bytes / 45)).slice(0, bytes - 12)}${String(n).padStart(12)}`;
}

export interface Asked {
  readonly status: number;
  /** From the first byte that is sent to the first of the answer's body, and to its last. */
  readonly firstMs: number;
  readonly wholeMs: number;
}

export function ask(target: Target, agent: Agent, text: string, stream = false): Promise<Asked> {
  const body = target.body(text, stream);
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const since = () => Number(process.hrtime.bigint() - began) / 1e6;
    let firstMs = 0;
    const asked = request(`${target.url}${target.path(stream)}`, options(target, agent, body), (answer) => {
      answer.once('data', () => (firstMs = since()));
      answer.on('data', () => {});
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, firstMs, wholeMs: since() }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** A stream of which the first piece is here, and the rest never comes. */
export function openStream(target: Target, agent: Agent, n: number): Promise<IncomingMessage> {
  const body = target.body(`${HOLD} ${n}`, true);
  return new Promise((resolve, reject) => {
    const asked = request(`${target.url}${target.path(true)}`, options(target, agent, body), (answer) => {
      answer.on('error', () => {});
      answer.once('data', () => resolve(answer));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function options({ headers }: Target, agent: Agent, body: string) {
  return {
    method: 'POST',
    agent,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  };
}
