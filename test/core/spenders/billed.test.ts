import type { CostAnswer, CostRow } from '../../../core/bill';
import type { UtcDay, UtcMonth } from '../../../core/calendar';
import { parseDecimal, usd } from '../../../core/money';
import {
  bedrockServicesIn,
  billedQuery,
  readBilled,
  readTagged,
  servicesQuery,
  taggedQuery,
} from '../../../core/spenders';

const MONTH = '2026-11' as UtcMonth;
const NOW = Date.parse('2026-11-23T11:00:00Z');
const DIRECT = { identity: 'direct' } as const;
const row = (day: string, keys: readonly string[], amount: string, currency = 'USD'): CostRow => ({
  ...{ day: `2026-11-${day}` as UtcDay, keys, amount: parseDecimal(amount), currency },
});
const answer = (...rows: readonly CostRow[]): CostAnswer => ({ kind: 'known', rows, requests: 1 });

test.each([
  [
    'of this month, to tomorrow, as Cost Explorer refuses an empty period',
    '2026-11',
    '2026-11-23T11:00:00Z',
    '2026-11-01',
    '2026-11-24',
  ],
  ['on the first', '2026-11', '2026-11-01T00:00:00Z', '2026-11-01', '2026-11-02'],
  ['on the last', '2026-11', '2026-11-30T23:59:59Z', '2026-11-01', '2026-12-01'],
  ['of the one before, whole', '2026-10', '2026-11-23T11:00:00Z', '2026-10-01', '2026-11-01'],
  ['of a year before', '2025-12', '2026-11-23T11:00:00Z', '2025-12-01', '2026-01-01'],
])('the period %s', (_what, month, now, from, to) => {
  expect(servicesQuery(month as UtcMonth, Date.parse(now))).toMatchObject({ from, to });
});

test('names are asked for first, and without a filter: one name misses most spend (trap 1)', () => {
  expect(servicesQuery(MONTH, NOW)).not.toHaveProperty('services');
  const names = [
    'Amazon Bedrock Service',
    'Claude (Amazon Bedrock Edition)',
    'Amazon EC2',
    'AmazonBedrockFoundationModels',
  ];
  expect(bedrockServicesIn([...names, names[0]!].map((name) => row('01', [name], '1')))).toEqual([
    ...['Amazon Bedrock Service', 'AmazonBedrockFoundationModels', 'Claude (Amazon Bedrock Edition)'],
  ]);
});

test('the tag of IAM principals is asked for under its own prefix: its plain name is $0 (trap 5)', () => {
  expect(taggedQuery(DIRECT, 'team', MONTH, ['Amazon Bedrock'], NOW)).toMatchObject({
    groupBy: [{ kind: 'TAG', key: 'iamPrincipal/team' }],
    services: ['Amazon Bedrock'],
    granularity: 'DAILY',
  });
});

test.each([
  ['an account of its own', DIRECT, undefined],
  [
    'profiles alone',
    { identity: 'profile', tagKey: 'e', environment: 'dev', metering: 'profiles' },
    { key: 'e', value: 'dev', orNone: false },
  ],
  [
    'what carries no tag too',
    { identity: 'profile', tagKey: 'e', environment: 'dev', metering: 'account' },
    { key: 'e', value: 'dev', orNone: true },
  ],
] as const)('only this environment’s part: %s', (_what, scope, tag) => {
  expect(taggedQuery(scope, 'team', MONTH, ['s'], NOW).tag).toEqual(tag);
  expect(billedQuery(scope, MONTH, ['s'], NOW).tag).toEqual(tag);
});

test('the bill by day, model and service, each sum rounded up once', () => {
  const read = readBilled(
    answer(
      row('01', ['Amazon Bedrock Service', 'USE1-NovaLite-input-tokens'], '0.0000000004'),
      row('01', ['Amazon Bedrock Service', 'USE1-NovaLite-output-tokens'], '0.0000000004'),
      row('02', ['Amazon Bedrock Service', 'USE1-NovaLite-input-tokens'], '1'),
      row('02', ['Claude (Amazon Bedrock Edition)', 'USE1-MP'], '2.5'),
    ),
  );
  expect(read).toEqual({
    kind: 'known',
    value: [
      { day: '2026-11-01', model: 'NovaLite', service: 'Amazon Bedrock Service', amount: 1 },
      { day: '2026-11-02', model: 'NovaLite', service: 'Amazon Bedrock Service', amount: usd(1) },
      { day: '2026-11-02', model: 'Claude', service: 'Claude (Amazon Bedrock Edition)', amount: usd('2.5') },
    ],
  });
});

test.each([
  ['another currency', answer(row('01', ['a', 'b'], '1', 'BRL')), /BRL/],
  ['no answer', { kind: 'unavailable', why: 'down', retryable: true, requests: 1 }, /down/],
] as const)('unknown, and not nothing: %s', (_what, given, why) => {
  expect(readBilled(given)).toEqual({ kind: 'unavailable', why: expect.stringMatching(why) });
  expect(readTagged(given, 'team')).toEqual({ kind: 'unavailable', why: expect.stringMatching(why) });
});

test.each([
  ['spend and no value: not active, or spelled otherwise (trap 25)', [['', '3']], 'unavailable'],
  [
    'a cent with a value',
    [
      ['', '3'],
      ['search', '0.01'],
    ],
    'known',
  ],
  [
    'a value of nothing beside spend without one',
    [
      ['', '3'],
      ['search', '0'],
    ],
    'unavailable',
  ],
  ['nothing spent', [['', '0']], 'known'],
  ['no line', [], 'known'],
] as const)('by the tag: %s', (_what, rows, kind) => {
  const read = readTagged(answer(...rows.map(([value, amount]) => row('01', [value], amount))), 'team');
  expect(read.kind).toBe(kind);
  if (read.kind === 'unavailable') expect(read.why).toMatch(/'team'.*activate/);
});
