import type {
  ConverseCommandOutput,
  ConverseStreamCommandOutput,
  ConverseStreamOutput,
  StopReason,
  ToolUseBlock,
} from '@aws-sdk/client-bedrock-runtime';
import { list, record } from '../../core/in-path';
import { joinUrl } from '../../core/url';
import { throwIfAborted } from '../abort';
import { newToolUseId, ollamaChat } from './request';
import { isUnparsedCall, mayBeCall, toolNames } from './unparsed';

/** Nothing listens there, no such model, or an answer that is none: the next tier is asked. */
export class LocalModelFailed extends Error {
  override readonly name = 'LocalModelFailed';
}

export interface LocalCall {
  /** Such as `http://localhost:11434`. */
  readonly endpoint: string;
  readonly tag: string;
  /** A ConverseRequest for which `notLocal` knows no reason. */
  readonly input: object;
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
}

/** The output of Converse, from a local model. @throws LocalModelFailed; AbortError */
export async function localConverse(call: LocalCall): Promise<ConverseCommandOutput> {
  const response = await post(call, false);
  let answer: Record<string, unknown>;
  try {
    answer = record(await response.json());
  } catch (error) {
    throwIfAborted(call.signal);
    throw failed(call, `answered no JSON: ${String(error)}`);
  }
  if (answer['error'] !== undefined) throw failed(call, JSON.stringify(answer['error']));
  // Something else that speaks JSON may listen there: its answer is not an empty one of a model.
  if (answer['done'] !== true) throw failed(call, 'answered what is no whole chat');
  const message = record(answer['message']);
  const text = typeof message['content'] === 'string' ? message['content'] : '';
  const calls = toolCalls(call, message);
  if (calls.length === 0) check(call, answer, text);
  return {
    $metadata: { attempts: 1, totalRetryDelay: 0 },
    output: {
      message: {
        role: 'assistant',
        content: [...(text === '' && calls.length > 0 ? [] : [{ text }]), ...calls.map((toolUse) => ({ toolUse }))],
      },
    },
    stopReason: stopReason(answer, calls.length > 0),
    usage: usage(answer),
    metrics: { latencyMs: latency(answer) },
  };
}

/** The output of ConverseStream. The events come as the model makes them; one line of Ollama's is one event of text. */
export async function localConverseStream(call: LocalCall): Promise<ConverseStreamCommandOutput> {
  const response = await post(call, true);
  const all = events(call, response);
  const ahead: ConverseStreamOutput[] = [];
  // Up to what the model says first: one that says nothing leaves the next tier to be asked.
  while (ahead.every((event) => 'messageStart' in event)) {
    const step = await all.next();
    if (step.done === true) break;
    ahead.push(step.value);
  }
  return { $metadata: { attempts: 1, totalRetryDelay: 0 }, stream: resumed(ahead, all) };
}

async function* resumed<T>(ahead: readonly T[], rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* ahead;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

/** @throws LocalModelFailed on what is no answer: the model was only loaded, said nothing, or a call came as text */
function check(call: LocalCall, answer: Record<string, unknown>, text: string): void {
  if (answer['done_reason'] === 'load') throw failed(call, 'only loaded the model');
  if (text.trim() === '') throw failed(call, 'said nothing');
  if (isUnparsedCall(text, toolNames(call.input))) throw failed(call, 'wrote a call of a tool as text');
}

async function post(call: LocalCall, stream: boolean): Promise<Response> {
  const { endpoint, tag, input, maxTokens, signal } = call;
  let response: Response;
  try {
    response = await fetch(joinUrl(endpoint, '/api/chat'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ollamaChat(tag, input, maxTokens, stream)),
      // The prompt goes to the address of the config, and nowhere else.
      redirect: 'error',
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    throwIfAborted(signal);
    throw failed(call, `did not answer: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (response.ok && response.body) return response;
  const text = await response.text().catch(() => '');
  throwIfAborted(signal);
  throw failed(call, `answered ${response.status}: ${text.slice(0, 200)}`);
}

function failed({ endpoint, tag }: LocalCall, why: string): LocalModelFailed {
  return new LocalModelFailed(`${tag} at ${endpoint} ${why}`);
}

async function* events(call: LocalCall, response: Response): AsyncGenerator<ConverseStreamOutput> {
  yield { messageStart: { role: 'assistant' } };
  const tools = toolNames(call.input);
  let index = 0;
  let open = false;
  let usesTools = false;
  let held = '';
  const said = (text: string): ConverseStreamOutput => {
    open = true;
    held = '';
    return { contentBlockDelta: { contentBlockIndex: index, delta: { text } } };
  };
  for await (const line of lines(call, response)) {
    if (line['error'] !== undefined) throw failed(call, JSON.stringify(line['error']));
    const message = record(line['message']);
    const calls = toolCalls(call, message);
    if (typeof message['content'] === 'string') held += message['content'];
    // Blank so far, or what may be a call: told when it is known.
    const known = open || (held.trim() !== '' && !mayBeCall(held, tools));
    if (line['done'] === true && !open && !usesTools && calls.length === 0) check(call, line, held);
    if (held !== '' && (known || line['done'] === true)) yield said(held);
    for (const { toolUseId, name, input } of calls) {
      if (open) yield { contentBlockStop: { contentBlockIndex: index++ } };
      open = false;
      usesTools = true;
      yield { contentBlockStart: { contentBlockIndex: index, start: { toolUse: { toolUseId, name } } } };
      yield { contentBlockDelta: { contentBlockIndex: index, delta: { toolUse: { input: JSON.stringify(input) } } } };
      yield { contentBlockStop: { contentBlockIndex: index++ } };
    }
    if (line['done'] === true) {
      if (open) yield { contentBlockStop: { contentBlockIndex: index } };
      yield { messageStop: { stopReason: stopReason(line, usesTools) } };
      yield { metadata: { usage: usage(line), metrics: { latencyMs: latency(line) } } };
      return;
    }
  }
  throw failed(call, 'ended in the middle of its answer');
}

/** NDJSON. A chunk may end anywhere, also within a character. Left early, it cancels the request. */
async function* lines(call: LocalCall, response: Response): AsyncGenerator<Record<string, unknown>> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(chunk, { stream: true });
      const whole = rest.split('\n');
      rest = whole.pop() ?? '';
      for (const line of whole) if (line.trim() !== '') yield record(JSON.parse(line));
    }
    if (rest.trim() !== '') yield record(JSON.parse(rest));
  } catch (error) {
    throwIfAborted(call.signal);
    throw failed(call, `broke off: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @throws LocalModelFailed where one is not whole */
function toolCalls(
  call: LocalCall,
  message: Record<string, unknown>,
): { toolUseId: string; name: string; input: ToolUseBlock['input'] }[] {
  return list(message['tool_calls']).map((each) => {
    const { name, arguments: input = {} } = record(record(each)['function']);
    if (typeof name !== 'string' || name === '' || typeof input !== 'object' || input === null) {
      throw failed(call, 'gave half a call of a tool');
    }
    return { toolUseId: newToolUseId(), name, input: input as ToolUseBlock['input'] };
  });
}

function stopReason(answer: Record<string, unknown>, usesTools: boolean): StopReason {
  if (answer['done_reason'] === 'length') return 'max_tokens';
  return usesTools ? 'tool_use' : 'end_turn';
}

/** `prompt_eval_count` is missing where Ollama had the prompt in its own cache. Local tokens cost nothing either way. */
function usage(answer: Record<string, unknown>) {
  const count = (name: string) => (typeof answer[name] === 'number' ? answer[name] : 0);
  const [inputTokens, outputTokens] = [count('prompt_eval_count'), count('eval_count')];
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens };
}

/** Ollama counts in nanoseconds. */
function latency(answer: Record<string, unknown>): number {
  return typeof answer['total_duration'] === 'number' ? Math.round(answer['total_duration'] / 1e6) : 0;
}
