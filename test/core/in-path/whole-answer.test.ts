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
const toolStart = (toolUse: object) => ({ contentBlockStart: { contentBlockIndex: 1, start: { toolUse } } });
const toolPiece = (input?: string) => ({ contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input } } } });
const tool = (...inputs: readonly string[]) => [toolStart({ name: 'weather' }), ...inputs.map(toolPiece)];
const claude = (...blocks: readonly object[]) => [
  { type: 'message_start', message: { content: [], stop_reason: null } },
  ...blocks.map((block, index) => ({ index, ...block })),
  { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
  { type: 'message_stop' },
];
const choices = (...said: readonly object[]) => [{ choices: said.map((one) => ({ finish_reason: 'stop', ...one })) }];
const calls = (...functions: readonly object[]) => functions.map((one) => ({ function: one }));
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
    ['OpenAI, refusing nothing', openai({ content: 'yes', refusal: null })],
    ['OpenAI, refusing in no words', openai({ content: 'yes', refusal: '' })],
    ['OpenAI, one tool and one text', choices({ message: call('{}'), finish_reason: 'tool_calls' }, { text: 'yes' })],
    ['two tools', openai({ tool_calls: calls({ name: 'a', arguments: '{}' }, { name: 'b', arguments: '{}' }) })],
    [
      "two tools of OpenAI's stream",
      [
        ...[0, 1].map((index) => ({
          choices: [{ index: 0, delta: { tool_calls: [{ index, function: { name: 'a', arguments: '{' } }] } }],
        })),
        ...[0, 1].map((index) => ({
          choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: '}' } }] } }],
        })),
        { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
      ],
    ],
    ['choices that count from one', choices({ index: 1, message: { content: 'yes' } })],
    ['a completion of OpenAI', choices({ text: 'yes' })],
    ['content in blocks', choices({ message: { content: [{ type: 'text', text: 'yes' }] } })],
    ['content in blocks of a second choice', choices({ text: 'a' }, { message: { content: [{ text: 'b' }] } })],
    ['content in pieces of text', choices({ text: 'a' }, { message: { content: ['b'] } })],
    ['a completion of Anthropic', [{ completion: 'yes', stop_reason: 'stop_sequence' }]],
    ["Titan's stream", [{ outputText: 'yes', completionReason: 'FINISH' }]],
    ['citations, some of nothing', converse([{ citationsContent: { content: [{ text: ' ' }, { text: 'yes' }] } }])],
    ...['image', 'audio', 'video', 'document'].map((name): [string, readonly object[]] => [
      `${name} alone`,
      converse([{ [name]: { source: {} } }]),
    ]),
    ['a block of a new type', anthropic([{ type: 'picture' }])],
    ['text with a tag', openai({ content: '<b>yes</b>' })],
    ['text between thoughts', openai({ content: '<think>a b</think>yes<think>c</think>' })],
    ["a stream's tool that repeats nothing", stream([...tool('{}'), toolPiece()], 'tool_use')],
    [
      "a stream's tool that begins with an empty input",
      stream([toolStart({ name: 'weather', input: {} }), toolPiece('{"a"'), toolPiece(':1}')], 'tool_use'),
    ],
    [
      "text of Anthropic's stream",
      [{ index: 0, delta: { type: 'text_delta', text: 'yes' } }, { delta: { stop_reason: 'end_turn' } }],
    ],
    ["a tool of Anthropic's stream without parameters", claude({ content_block: { type: 'tool_use', name: 'now' } })],
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
    ['thoughts of two words', openai({ content: '<think>a b</think>' })],
    ['thoughts of two lines', openai({ content: '<thinking>a\nb</thinking>' })],
    ['thoughts that end as others', openai({ content: '<think>hm</reasoning>yes' })],
    ['thoughts that do not end', openai({ content: '<think>hm' })],
    ['a tool without its input', converse([{ toolUse: { toolUseId: 'a', name: 'weather' } }], 'tool_use')],
    ['a tool of Anthropic without its input', anthropic([{ type: 'tool_use', name: 'weather' }], 'tool_use')],
    ['a tool of Anthropic without its name', anthropic([{ type: 'tool_use', input: {} }], 'tool_use')],
    ['half of one of two tools', openai({ tool_calls: calls({ name: 'a', arguments: '{' }, { name: 'b' }) })],
    ...['null', '5', '"x"', '[1]'].map((input): [string, readonly object[]] => [
      `a tool with ${input} for its input`,
      openai(call(input), 'tool_calls'),
    ]),
    [
      "half a tool of Anthropic's stream",
      [
        { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', name: 'weather', input: {} } },
        { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"a"' } },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      ],
    ],
    ['a tool with a list for its input', converse([{ toolUse: { name: 'weather', input: [] } }], 'tool_use')],
    ['a tool with a number for its input', converse([{ toolUse: { name: 'weather', input: 5 } }], 'tool_use')],
    ['a tool without its name', converse([{ toolUse: { toolUseId: 'a', input: {} } }], 'tool_use')],
    ['half a tool beside text', stream([text('yes'), ...tool('{"city":')], 'tool_use')],
    ['half a tool that ends its turn', stream(tool('{"city":'))],
    ['a wish for a tool without one', stream([text('yes')], 'tool_use')],
    ['citations of nothing', converse([{ citationsContent: { content: [] } }])],
    ['citations of blank text', converse([{ citationsContent: { content: [{ text: ' ' }] } }])],
    ...['text', 'redacted_thinking', 'reasoning', 'signature', 'citation', 'new_delta'].map(
      (type): [string, readonly object[]] => [`a block of type ${type} without text`, anthropic([{ type }])],
    ),
    ['an unknown block', converse([{ new: {} }])],
    ['an empty stream', stream([])],
    ['a stream without a reason', [text('yes')]],
    ['Anthropic without a reason', anthropic([{ type: 'text', text: 'yes' }], null)],
    ['thinking of Anthropic alone', anthropic([{ type: 'thinking', thinking: 'hm' }])],
    ['half a tool of OpenAI', openai(call('{"a"'), 'tool_calls')],
    ['a refusal of OpenAI', openai({ content: 'no', refusal: 'I cannot' })],
    ['one choice of two', choices({ index: 0, text: 'a' }, { index: 1, message: { content: '' } })],
    ['one choice of two without an index', choices({ text: 'a' }, { message: { content: '' } })],
    ['one choice of two, each in an event', [...choices({ index: 0, text: 'a' }), ...choices({ index: 1, text: '' })]],
    ['one choice of two that is cut', choices({ text: 'a' }, { text: 'b', finish_reason: 'length' })],
    ['one result of two', [{ results: [{ outputText: 'a' }, { outputText: '' }], stop_reason: 'stop' }]],
    ['one output of two', [{ outputs: [{ text: 'a' }, {}], stop_reason: 'stop' }]],
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

describe('a reason to stop', () => {
  test.each(['end_turn', 'stop_sequence', 'stop', 'COMPLETE', 'FINISH', 'eos_token'])('%s is one', (reason) => {
    expect(new WholeAnswer().add({ generation: 'yes', stop_reason: reason }).whole).toBe(true);
  });

  test.each(['tool_use', 'tool_calls'])('%s is one where a tool is called', (finish_reason) => {
    const [said] = choices({ message: call('{}'), finish_reason });
    expect(new WholeAnswer().add(said).whole).toBe(true);
    expect(new WholeAnswer().add({ generation: 'yes', finish_reason }).whole).toBe(false);
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
