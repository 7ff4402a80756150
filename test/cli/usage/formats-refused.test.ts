import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CliWorld } from '../world';

const PRO = 'amazon.nova-pro-v1:0';
const scratch = mkdtempSync(path.join(tmpdir(), 'usage-refused-'));
afterAll(() => rmSync(scratch, { recursive: true }));

let files = 0;
async function simulate(content: unknown, ...args: string[]) {
  const file = path.join(scratch, `usage-${(files += 1)}`);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return new CliWorld().run('simulate', '--usage', file, '--env', 'dev', ...args);
}

const CUR =
  'line_item_line_item_type,line_item_usage_start_date,line_item_usage_end_date,line_item_usage_type,line_item_usage_amount,pricing_unit';
const cur = (usageType: string, amount: string, unit: string) =>
  `${CUR}\nUsage,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,${usageType},${amount},${unit}\n`;
const log = (over: object) => ({
  schemaType: 'ModelInvocationLog',
  timestamp: '2026-11-02T10:00:00Z',
  modelId: PRO,
  input: { inputTokenCount: 1 },
  output: { outputTokenCount: 1 },
  ...over,
});
const report = (entry: object) => ({ daily: [{ date: '2026-11-02', ...entry }], totals: {} });
const statistics = (over: object) => ({
  Label: 'InputTokenCount',
  Datapoints: [{ Timestamp: '2026-11-02T10:00:00Z', Sum: 1 }],
  ...over,
});

test.each([
  [
    CUR.replace(',pricing_unit', '') + '\nUsage,2026-11-02T10:00:00Z,2026-11-02T11:00:00Z,x,1\n',
    /column 'pricing_unit' is missing/,
  ],
  [
    cur('USE1-NovaPro-input-tokens', '1', 'Requests'),
    /line 2: pricing_unit must say what is counted, such as 1K tokens, got "Requests"/,
  ],
  [
    cur('USE1-NovaPro-input-tokens', '-1', '1K tokens'),
    /line 2: line_item_usage_amount must be an amount, 0 or more, got "-1"/,
  ],
  [cur('USE1-NovaPro-input-tokens', 'x', '1K tokens'), /line_item_usage_amount must be an amount/],
  [cur('USE1-Guardrail-Units', '1', 'Units'), /no row: 1 left out: lines that are not tokens of a model/],
  [log({ timestamp: '2026-02-30T10:00:00Z' }), /line 1: there is no 2026-02-30/],
  [log({ modelId: '' }), /modelId must be named/],
  [log({ input: { inputTokenCount: -1 } }), /inputTokenCount must be a whole number/],
  [log({ errorCode: 'ThrottlingException' }), /no row: 1 left out: calls that failed/],
  [
    report({ modelsUsed: ['a', 'b'], inputTokens: 1 }),
    /the tokens are not told apart by model; ask with ccusage --json --breakdown/,
  ],
  [
    report({ modelBreakdowns: [{ modelName: 'claude-opus-4-8', inputTokens: 1.5 }] }),
    /inputTokens must be a whole number/,
  ],
  [statistics({}), /names no model: give it with --model/],
  [statistics({ Label: 'Invocations' }), /label "Invocations" is no token metric/],
])('%#: a file with a mistake of its format is refused', async (content, expected) => {
  const { exitCode, stderr } = await simulate(content, '--period', '1h');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(expected);
});

test('statistics without sums are asked for again', async () => {
  const { exitCode, stderr } = await simulate(
    statistics({ Datapoints: [{ Average: 1 }] }),
    '--model',
    PRO,
    '--period',
    '1h',
  );
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('have no Sum; ask with --statistics Sum')]);
});

describe('input tokens and those of the cache', () => {
  const litellm = (prompt: number) => ({
    request_id: 'a',
    startTime: '2026-11-02T10:00:00Z',
    model: `bedrock/${PRO}`,
    custom_llm_provider: 'bedrock_converse',
    prompt_tokens: prompt,
    completion_tokens: 0,
    metadata: { usage_object: { cache_read_input_tokens: 1_000_000, cache_creation_input_tokens: 0 } },
  });

  test.each([
    // With the cache's counted in: $0.80 and $0.20.
    [2_000_000, 1_000_000_000],
    [1_000_000, 200_000_000],
    // An old version's, which cannot hold a million of the cache: $0.80 x 0.9999 and $0.20.
    [999_900, 999_920_000],
  ])('of LiteLLM, %p in all, cost %p', async (prompt, cost) => {
    const { json } = await simulate([litellm(prompt)], '--json');
    expect(json().environments[0].spent).toBe(cost);
  });

  test('of its table as CSV, where the column is a text', async () => {
    const { metadata, ...row } = litellm(2_000_000);
    const cells = [...Object.values(row), `"${JSON.stringify(metadata).replaceAll('"', '""')}"`];
    const { json } = await simulate(`${[...Object.keys(row), 'metadata'].join(',')}\n${cells.join(',')}\n`, '--json');
    expect(json().environments[0].spent).toBe(1_000_000_000);
  });
});

test.each([
  ['week', { weekly: [{ week: '2026-11-02', modelsUsed: [PRO], inputTokens: 7 }], totals: {} }, 7 * 1440],
  ['month', { type: 'monthly', data: [{ month: '2026-11', models: [PRO], inputTokens: 7 }], summary: {} }, 30 * 1440],
  [
    'block',
    {
      type: 'blocks',
      data: [{ blockStart: '2026-11-02T10:00:00Z', blockEnd: '2026-11-02T15:00:00Z', models: [PRO], inputTokens: 7 }],
      summary: {},
    },
    300,
  ],
  [
    'project',
    { projects: { app: [{ date: '2026-11-02', breakdown: { [PRO]: { inputTokens: 7 } } }] }, totals: {} },
    1440,
  ],
])('a %s of ccusage is a sum of its length', async (_, content, minutes) => {
  const { json } = await simulate(content, '--json');
  expect(json().reading.sums).toEqual([{ minutes, rows: 1 }]);
});
