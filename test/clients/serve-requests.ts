/** Enough that a model would do something for each part of it; its bytes must reach Bedrock as the client wrote them. */
const TOOL = {
  name: 'weather',
  description: 'The weather of a city – als Überblick',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
export const TOOL_USE = { id: 'use1', name: TOOL.name, input: { city: 'Oslo' } };
const SYSTEM = 'Answer in one word.';
const QUESTION = 'Is it raining in Tromsø? ☂';
const THINKING = { type: 'enabled', budget_tokens: 1024 };

/** Tokens of every answer of the upstream. */
export const TOKENS = { input: 10, output: 20, cacheRead: 100, cacheWrite: 50 };
export const SIGNATURE = 'c2lnbmF0dXJl';

/** `full`: with tools, thinking and a cached prompt. */
export type Kind = 'plain' | 'full';

/** Of Converse, without the model. */
export const CONVERSE: Readonly<Record<Kind, object>> = {
  plain: { messages: [{ role: 'user', content: [{ text: QUESTION }] }], inferenceConfig: { maxTokens: 100 } },
  full: {
    messages: [{ role: 'user', content: [{ text: QUESTION }, { cachePoint: { type: 'default' } }] }],
    system: [{ text: SYSTEM }, { cachePoint: { type: 'default' } }],
    inferenceConfig: { maxTokens: 2_000 },
    toolConfig: {
      tools: [
        { toolSpec: { name: TOOL.name, description: TOOL.description, inputSchema: { json: TOOL.schema } } },
        { cachePoint: { type: 'default' } },
      ],
    },
    additionalModelRequestFields: { thinking: THINKING },
  },
};

const CACHED = { cache_control: { type: 'ephemeral' } };

/** Of Anthropic's Messages, without the model. */
export const MESSAGES: Readonly<Record<Kind, object>> = {
  plain: { max_tokens: 100, messages: [{ role: 'user', content: QUESTION }] },
  full: {
    max_tokens: 2_000,
    system: [{ type: 'text', text: SYSTEM, ...CACHED }],
    messages: [{ role: 'user', content: [{ type: 'text', text: QUESTION, ...CACHED }] }],
    tools: [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.schema, ...CACHED }],
    thinking: THINKING,
  },
};

/** Of the AI SDK's providers. */
export const LANGUAGE_MODEL = {
  plain: { prompt: [{ role: 'user', content: [{ type: 'text', text: QUESTION }] }], maxOutputTokens: 100 },
  full: {
    prompt: [
      { role: 'system', content: SYSTEM, providerOptions: { bedrock: { cachePoint: { type: 'default' } } } },
      { role: 'user', content: [{ type: 'text', text: QUESTION }] },
    ],
    maxOutputTokens: 2_000,
    tools: [{ type: 'function', name: TOOL.name, description: TOOL.description, inputSchema: TOOL.schema }],
    providerOptions: { bedrock: { reasoningConfig: { type: 'enabled', budgetTokens: 1024 } } },
  },
} as const;

const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON in bytes that whoever reads it and writes it again would write otherwise. */
export const unusualJson = (value: object) =>
  JSON.stringify(value, null, ' \t').replaceAll(/[^\x20-\x7e\t\n]/g, escaped);
