import { describe, expect, test } from '@jest/globals';
import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { CONTEXT_TOKENS, IMAGE_TOKENS, notLocal, ollamaChat } from '../../../client/ollama/request';

const user = (...content: object[]) => ({ role: 'user', content });
const assistant = (...content: object[]) => ({ role: 'assistant', content });
const text = (value: string) => ({ text: value });
const image = { image: { format: 'png', source: { bytes: new Uint8Array([1, 2, 3]) } } };
const chat = (input: object) => ollamaChat('llama3.1:8b', input, 100, false);

describe('what Ollama is asked', () => {
  test('system, text and the settings that both know', () => {
    const input = {
      system: [text('Be brief.'), text('Be kind.')],
      messages: [user(text('Why?'), text('And how?')), assistant(text('So.')), user(text('Oh.'))],
      inferenceConfig: { temperature: 0, topP: 0.5, stopSequences: ['END'], maxTokens: 100 },
    };
    expect(chat(input)).toEqual({
      model: 'llama3.1:8b',
      messages: [
        { role: 'system', content: 'Be brief.\nBe kind.' },
        { role: 'user', content: 'Why?\nAnd how?' },
        { role: 'assistant', content: 'So.' },
        { role: 'user', content: 'Oh.' },
      ],
      stream: false,
      options: { num_predict: 100, num_ctx: CONTEXT_TOKENS, temperature: 0, top_p: 0.5, stop: ['END'] },
    });
  });

  test('a stream is asked for, or declined, in so many words: it is the default', () => {
    const input = { messages: [user(text('x'))] };
    expect([true, false].map((stream) => ollamaChat('t', input, 1, stream).stream)).toEqual([true, false]);
  });

  test('images inline', () => {
    expect(chat({ messages: [user(text('What is it?'), image)] }).messages).toEqual([
      { role: 'user', content: 'What is it?', images: ['AQID'] },
    ]);
  });

  test('an image alone, without a word', () => {
    expect(chat({ messages: [user(image)] }).messages).toEqual([{ role: 'user', content: '', images: ['AQID'] }]);
  });

  test('two calls in one turn: each result by the name of its own call', () => {
    const call = (toolUseId: string, name: string) => ({ toolUse: { toolUseId, name, input: {} } });
    const result = (toolUseId: string, value: string) => ({ toolResult: { toolUseId, content: [text(value)] } });
    const messages = [
      assistant(text('Wait.'), call('a', 'one'), call('b', 'two')),
      user(result('b', '2'), result('a', '1')),
    ];
    expect(chat({ messages }).messages).toEqual([
      {
        role: 'assistant',
        content: 'Wait.',
        tool_calls: [{ function: { name: 'one', arguments: {} } }, { function: { name: 'two', arguments: {} } }],
      },
      { role: 'tool', content: '2', tool_name: 'two' },
      { role: 'tool', content: '1', tool_name: 'one' },
    ]);
  });

  test('what Bedrock alone understands and no answer depends on is left out', () => {
    const messages = [
      user(text('x'), { cachePoint: { type: 'default' } }),
      assistant({ reasoningContent: { reasoningText: { text: 'Hm.' } } }, text('So.')),
    ];
    expect(chat({ messages, requestMetadata: { a: 'b' } })).toEqual({
      model: 'llama3.1:8b',
      messages: [
        { role: 'user', content: 'x' },
        { role: 'assistant', content: 'So.' },
      ],
      stream: false,
      options: { num_predict: 100, num_ctx: CONTEXT_TOKENS },
    });
  });

  test('tools, their calls, and their results by the name of the call', () => {
    const input = {
      messages: [
        user(text('Weather?')),
        assistant({ toolUse: { toolUseId: 'a', name: 'weather', input: { city: 'Rio' } } }),
        user({ toolResult: { toolUseId: 'a', content: [{ json: { celsius: 31 } }, text('sunny')] } }, text('Well?')),
      ],
      toolConfig: {
        tools: [{ toolSpec: { name: 'weather', description: 'Of a city', inputSchema: { json: { type: 'object' } } } }],
      },
    };
    expect(chat(input)).toMatchObject({
      messages: [
        { role: 'user', content: 'Weather?' },
        { role: 'assistant', content: '', tool_calls: [{ function: { name: 'weather', arguments: { city: 'Rio' } } }] },
        { role: 'tool', content: '{"celsius":31}\nsunny', tool_name: 'weather' },
        { role: 'user', content: 'Well?' },
      ],
      tools: [
        { type: 'function', function: { name: 'weather', description: 'Of a city', parameters: { type: 'object' } } },
      ],
    });
  });
});

describe('what a local model is not asked', () => {
  const base = { messages: [user(text('x'))], inferenceConfig: { maxTokens: 100 } };
  const not = (more: Partial<ConverseCommandInput> | object) => notLocal({ ...base, ...more }, 1_000);

  test('a plain question is', () => {
    expect(not({})).toBeUndefined();
    expect(not({ messages: [user(text('x'), image)] })).toBeUndefined();
    expect(not({ toolConfig: { tools: [{ toolSpec: { name: 't', inputSchema: { json: {} } } }] } })).toBeUndefined();
    const results = [text('sunny'), { json: { celsius: 31 } }];
    expect(not({ messages: [user({ toolResult: { toolUseId: 'a', content: results } })] })).toBeUndefined();
    expect(not({ serviceTier: { type: 'flex' }, performanceConfig: { latency: 'standard' } })).toBeUndefined();
    expect(
      not({ system: [text('x'), { cachePoint: { type: 'default' } }], requestMetadata: { a: 'b' } }),
    ).toBeUndefined();
  });

  test.each<[string, object]>([
    ['a guardrail', { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '1' } }],
    ['fields of a model of its own', { additionalModelRequestFields: { top_k: 5 } }],
    ['a choice of tools', { toolConfig: { tools: [], toolChoice: { any: {} } } }],
    ['a document', { messages: [user({ document: { format: 'pdf', name: 'd', source: {} } })] }],
    ['a video', { messages: [user({ video: { format: 'mp4', source: {} } })] }],
    [
      'an image that is elsewhere',
      { messages: [user({ image: { format: 'png', source: { s3Location: { uri: 's3://b/k' } } } })] },
    ],
    ['priority', { serviceTier: { type: 'priority' } }],
    ['low latency', { performanceConfig: { latency: 'optimized' } }],
    ['capacity that is reserved', { serviceTier: { type: 'reserved' } }],
    ['fields of a model’s own in the answer', { additionalModelResponseFieldPaths: ['/stop_sequence'] }],
    ['an answer by a schema', { outputConfig: { textFormat: { type: 'json_schema' } } }],
    ['variables of a prompt', { promptVariables: { name: { text: 'x' } } }],
    ['no messages, at which Ollama would only load the model', { messages: [] }],
    ['a block that is not known here', { messages: [user({ hologram: {} })] }],
    ['a guarded part', { messages: [user({ guardContent: { text: { text: 'x' } } })] }],
    ['a guarded part of what the system says', { system: [{ guardContent: { text: { text: 'x' } } }] }],
    ['a tool of the provider', { toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } }],
    ['a tool of a kind that is not known here', { toolConfig: { tools: [{ hologram: {} }] } }],
    ['an image among a tool’s results', { messages: [user({ toolResult: { toolUseId: 'a', content: [image] } })] }],
    [
      'a result of a kind that is not known here',
      { messages: [user({ toolResult: { toolUseId: 'a', content: [{ searchResult: {} }] } })] },
    ],
  ])('%s', (_, more) => {
    expect(not(more)).toEqual(expect.any(String));
  });

  test('more than its context holds, which it would cut without a word: just fits, one more does not', () => {
    const sized = (length: number) => ({
      messages: [user(text('x'.repeat(length)))],
      inferenceConfig: { maxTokens: 100 },
    });
    const room = CONTEXT_TOKENS - 100 - JSON.stringify(sized(0)).length;
    expect(notLocal(sized(room), 1_000)).toBeUndefined();
    expect(notLocal(sized(room + 1), 1_000)).toContain(`${CONTEXT_TOKENS + 1} tokens of context`);
  });

  test('an image takes of the context too', () => {
    const left = CONTEXT_TOKENS - IMAGE_TOKENS - JSON.stringify({ ...base, messages: [user(text(''))] }).length - 100;
    const sized = (length: number) => ({ messages: [user(text('x'.repeat(length)), image)] });
    expect(not({ ...sized(left) })).toBeUndefined();
    expect(not({ ...sized(left + 1) })).toContain('tokens of context');
  });

  test('trap T10: a character that a tokenizer may take for many counts as those', () => {
    const ligature = '\u{FDFA}'.repeat(300);
    expect(Buffer.byteLength(ligature)).toBeLessThan(1_000);
    expect(not({ messages: [user(text(ligature))] })).toContain('tokens of context');
  });

  test('without a limit of its own the answer counts with the default', () => {
    const { inferenceConfig: _, ...unlimited } = base;
    expect(notLocal(unlimited, CONTEXT_TOKENS)).toContain('tokens of context');
  });
});
