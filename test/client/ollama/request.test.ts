import { describe, expect, test } from '@jest/globals';
import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { CONTEXT_TOKENS, notLocal, ollamaChat } from '../../../client/ollama/request';

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
    ['a block that is not known here', { messages: [user({ hologram: {} })] }],
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

  test('without a limit of its own the answer counts with the default', () => {
    const { inferenceConfig: _, ...unlimited } = base;
    expect(notLocal(unlimited, CONTEXT_TOKENS)).toContain('tokens of context');
  });
});
