import { describe, expect, test } from '@jest/globals';
import { WholeAnswer } from '../../../core/in-path/whole-answer';
import { asksForVariety } from '../../../core/in-path/sampling';

const converse = (content: readonly object[], stopReason = 'end_turn') => [
  { output: { message: { role: 'assistant', content } }, stopReason },
];
const anthropic = (content: readonly object[], stop_reason: string | null = 'end_turn') => [
  { type: 'message', role: 'assistant', content, stop_reason },
];
const openai = (message: object, finish_reason = 'stop') => [{ choices: [{ index: 0, message, finish_reason }] }];
const stream = (deltas: readonly object[], stopReason = 'end_turn') => [
  { messageStart: { role: 'assistant' } },
  ...deltas,
  { messageStop: { stopReason } },
  { metadata: { usage: {} } },
];
const text = (value: string) => ({ contentBlockDelta: { contentBlockIndex: 0, delta: { text: value } } });
const tool = (...inputs: readonly string[]) => [
  { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 'a', name: 'weather' } } } },
  ...inputs.map((input) => ({ contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input } } } })),
];
const call = (args: string, name = 'weather') => ({
  content: null,
  tool_calls: [{ id: 'a', type: 'function', function: { name, arguments: args } }],
});

describe('an answer', () => {
  test.each<[string, readonly object[]]>([
    ['text', converse([{ text: 'yes' }])],
    ['reasoning before text', converse([{ reasoningContent: { reasoningText: { text: 'hm' } } }, { text: 'yes' }])],
    ['a tool', converse([{ toolUse: { toolUseId: 'a', name: 'weather', input: {} } }], 'tool_use')],
    ['an image', converse([{ image: { format: 'png', source: {} } }])],
    ['citations', converse([{ citationsContent: { content: [{ text: 'yes' }] } }])],
    ['a stream', stream([text('y'), text('es')])],
    ["a stream's tool", stream(tool('{"city":', '"Łódź"}'), 'tool_use')],
    ["a stream's tool without parameters", stream(tool(), 'tool_use')],
    ['Anthropic', anthropic([{ type: 'text', text: 'yes' }])],
    ['a tool of Anthropic', anthropic([{ type: 'tool_use', name: 'weather', input: { city: 'x' } }], 'tool_use')],
    [
      "Anthropic's stream of a tool",
      [
        { type: 'message_start', message: { content: [], stop_reason: null } },
        { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', name: 'weather', input: {} } },
        { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"a"' } },
        { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: ':1}' } },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
        { type: 'message_stop' },
      ],
    ],
    ['OpenAI', openai({ content: 'yes' })],
    ['a tool of OpenAI', openai(call('{"a":1}'), 'tool_calls')],
    ['OpenAI with its thoughts', openai({ content: '<reasoning>hm</reasoning>yes' })],
    ['Llama', [{ generation: 'yes', stop_reason: 'stop' }]],
    ['Titan', [{ results: [{ outputText: 'yes', completionReason: 'FINISH' }] }]],
    ['Mistral', [{ outputs: [{ text: 'yes', stop_reason: 'stop' }] }]],
    ['Nova', [{ output: { message: { content: [{ text: 'yes' }] } }, stopReason: 'end_turn' }]],
  ])('%s', (_, events) => {
    const answer = new WholeAnswer();
    for (const event of events) answer.add(event);
    expect(answer.whole).toBe(true);
  });
});

describe('no answer', () => {
  test.each<[string, readonly object[]]>([
    ['nothing', [{}]],
    ['no content (trap 57)', converse([])],
    ['blank text', converse([{ text: ' \n' }])],
    ['reasoning alone', converse([{ reasoningContent: { reasoningText: { text: 'hm' } } }])],
    ['thoughts in tags alone', openai({ content: '<reasoning>hm</reasoning> ' })],
    ['thoughts that do not end', openai({ content: '<think>hm' })],
    ['a tool without its input', converse([{ toolUse: { toolUseId: 'a', name: 'weather' } }], 'tool_use')],
    ['a tool without its name', converse([{ toolUse: { toolUseId: 'a', input: {} } }], 'tool_use')],
    ['half a tool beside text', stream([text('yes'), ...tool('{"city":')], 'tool_use')],
    ['half a tool that ends its turn', stream(tool('{"city":'))],
    ['a wish for a tool without one', stream([text('yes')], 'tool_use')],
    ['citations of nothing', converse([{ citationsContent: { content: [] } }])],
    ['an empty stream', stream([])],
    ['a stream without a reason', [text('yes')]],
    ['Anthropic without a reason', anthropic([{ type: 'text', text: 'yes' }], null)],
    ['thinking of Anthropic alone', anthropic([{ type: 'thinking', thinking: 'hm' }])],
    ['half a tool of OpenAI', openai(call('{"a"'), 'tool_calls')],
    ['a refusal of OpenAI', openai({ content: 'no', refusal: 'I cannot' })],
    [
      'one choice of two',
      [
        {
          choices: [
            { index: 0, message: { content: 'a' }, finish_reason: 'stop' },
            { index: 1, message: { content: '' }, finish_reason: 'stop' },
          ],
        },
      ],
    ],
    ['unknown words', [{ said: 'yes', stop_reason: 'stop' }]],
    ['a list', [[{ text: 'yes' }]]],
    ...[
      'max_tokens',
      'guardrail_intervened',
      'content_filtered',
      'refusal',
      'model_context_window_exceeded',
      'pause_turn',
      'malformed_tool_use',
      'new',
    ].map((reason): [string, readonly object[]] => [`stopped by ${reason}`, converse([{ text: 'yes' }], reason)]),
    ['cut by length', openai({ content: 'yes' }, 'length')],
    ['filtered', openai({ content: 'yes' }, 'content_filter')],
  ])('%s', (_, events) => {
    const answer = new WholeAnswer();
    for (const event of events) answer.add(event);
    expect(answer.whole).toBe(false);
  });
});

test.each<[object, boolean]>([
  [{}, false],
  [{ inferenceConfig: { temperature: 0, topP: 0 } }, false],
  [{ inferenceConfig: { temperature: 0.01 } }, true],
  [{ inferenceConfig: { temperature: -1 } }, false],
  [{ inferenceConfig: { topP: 1 } }, true],
  [{ additionalModelRequestFields: { top_p: 0.5 } }, true],
  [{ additionalModelRequestFields: { inferenceConfig: { topP: 0.5 } } }, true],
  [{ temperature: 0 }, false],
  [{ temperature: 'warm' }, true],
  [{ top_p: 0.1 }, true],
  [{ textGenerationConfig: { temperature: 0.5 } }, true],
  [{ n: 1 }, false],
  [{ n: 2 }, true],
])('%j asks for answers that differ: %s', (request, varied) => {
  expect(asksForVariety(request)).toBe(varied);
});
