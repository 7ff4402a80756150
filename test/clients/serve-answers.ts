import type { Received, Reply, StreamEvent } from '../helpers/bedrock-server';
import { SIGNATURE, TOKENS, TOOL_USE, unusualJson } from './serve-requests';

const THOUGHT = 'It often does.';
const PIECES = ['Yes', ' ', '☂'];
const TEXT = PIECES.join('');
const usage = {
  inputTokens: TOKENS.input,
  outputTokens: TOKENS.output,
  totalTokens: TOKENS.input + TOKENS.output + TOKENS.cacheRead + TOKENS.cacheWrite,
  cacheReadInputTokens: TOKENS.cacheRead,
  cacheWriteInputTokens: TOKENS.cacheWrite,
};
/** What no client of today knows must arrive too. */
const OF_TOMORROW = { ofTomorrow: { fields: ['a', 1] } };

/** What a model says to one of the requests, in the form of what was asked. */
export function answerTo({ operation, body }: Received): Reply {
  const full = 'thinking' in body || 'additionalModelRequestFields' in body;
  switch (operation) {
    case 'Converse':
      return { bytes: Buffer.from(unusualJson(converse(full))), contentType: 'application/json' };
    case 'ConverseStream':
      return { events: converseEvents(full) };
    case 'InvokeModel':
      return { json: message(full), headers: COUNTS };
    case 'InvokeModelWithResponseStream':
      return { events: messageEvents(full) };
    default:
      return { status: 400, headers: { 'x-amzn-errortype': 'ValidationException' }, json: { message: operation } };
  }
}

const COUNTS = {
  'x-amzn-bedrock-input-token-count': String(TOKENS.input),
  'x-amzn-bedrock-output-token-count': String(TOKENS.output),
  'x-amzn-bedrock-cache-read-input-token-count': String(TOKENS.cacheRead),
  'x-amzn-bedrock-cache-write-input-token-count': String(TOKENS.cacheWrite),
};

function converse(full: boolean): object {
  const content = [
    ...(full ? [{ reasoningContent: { reasoningText: { text: THOUGHT, signature: SIGNATURE } } }] : []),
    { text: TEXT },
    ...(full ? [{ toolUse: { toolUseId: TOOL_USE.id, name: TOOL_USE.name, input: TOOL_USE.input } }] : []),
  ];
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: full ? 'tool_use' : 'end_turn',
    usage,
    metrics: { latencyMs: 1 },
    ...OF_TOMORROW,
  };
}

function converseEvents(full: boolean): readonly StreamEvent[] {
  const delta = (contentBlockIndex: number, said: object): StreamEvent => [
    'contentBlockDelta',
    { contentBlockIndex, delta: said },
  ];
  const stop = (contentBlockIndex: number): StreamEvent => ['contentBlockStop', { contentBlockIndex }];
  const { id: toolUseId, name, input } = TOOL_USE;
  const text = full ? 1 : 0;
  return [
    ['messageStart', { role: 'assistant' }],
    ...(full
      ? [
          delta(0, { reasoningContent: { text: THOUGHT } }),
          delta(0, { reasoningContent: { signature: SIGNATURE } }),
          stop(0),
        ]
      : []),
    ...PIECES.map((piece) => delta(text, { text: piece })),
    stop(text),
    ...(full
      ? [
          [
            'contentBlockStart',
            { contentBlockIndex: 2, start: { toolUse: { toolUseId, name } } },
          ] satisfies StreamEvent,
          delta(2, { toolUse: { input: JSON.stringify(input) } }),
          stop(2),
        ]
      : []),
    ['messageStop', { stopReason: full ? 'tool_use' : 'end_turn' }],
    ['metadata', { usage, metrics: { latencyMs: 1 }, ...OF_TOMORROW }],
  ];
}

const messageUsage = {
  input_tokens: TOKENS.input,
  output_tokens: TOKENS.output,
  cache_read_input_tokens: TOKENS.cacheRead,
  cache_creation_input_tokens: TOKENS.cacheWrite,
};

const messageHead = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude',
  stop_sequence: null,
};

function message(full: boolean): object {
  const content = [
    ...(full ? [{ type: 'thinking', thinking: THOUGHT, signature: SIGNATURE }] : []),
    { type: 'text', text: TEXT },
    ...(full ? [{ type: 'tool_use', ...TOOL_USE }] : []),
  ];
  const stop_reason = full ? 'tool_use' : 'end_turn';
  return { ...messageHead, content, stop_reason, usage: messageUsage, ...OF_TOMORROW };
}

function messageEvents(full: boolean): readonly StreamEvent[] {
  const block = (index: number, content_block: object, ...deltas: readonly object[]) => [
    { type: 'content_block_start', index, content_block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
  const text = full ? 1 : 0;
  const { input, ...tool } = TOOL_USE;
  const events = [
    {
      type: 'message_start',
      message: { ...messageHead, content: [], stop_reason: null, usage: { ...messageUsage, output_tokens: 1 } },
    },
    ...(full
      ? block(
          0,
          { type: 'thinking', thinking: '', signature: '' },
          { type: 'thinking_delta', thinking: THOUGHT },
          { type: 'signature_delta', signature: SIGNATURE },
        )
      : []),
    ...block(text, { type: 'text', text: '' }, ...PIECES.map((piece) => ({ type: 'text_delta', text: piece }))),
    ...(full
      ? block(
          2,
          { type: 'tool_use', ...tool, input: {} },
          { type: 'input_json_delta', partial_json: JSON.stringify(input) },
        )
      : []),
    {
      type: 'message_delta',
      delta: { stop_reason: full ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: TOKENS.output },
    },
    {
      type: 'message_stop',
      'amazon-bedrock-invocationMetrics': {
        inputTokenCount: TOKENS.input,
        outputTokenCount: TOKENS.output,
        cacheReadInputTokenCount: TOKENS.cacheRead,
        cacheWriteInputTokenCount: TOKENS.cacheWrite,
        invocationLatency: 1,
        firstByteLatency: 1,
      },
    },
  ];
  return events.map((event) => ['chunk', { bytes: Buffer.from(JSON.stringify(event)).toString('base64') }]);
}
