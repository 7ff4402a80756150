import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { nanoUsd, usd } from '../../../core/money';
import type { BilledSpend, SpendersOfMonth } from '../../../core/spenders/types';
import { FOCUS_1_2 } from '../../fixtures/focus-1-2';
import { focusProblems } from '../../helpers/focus';
import { arnOf, billed, callers, day, days, MONTH, sumOf, usage, type Callers } from '../../helpers/spenders';
import { ACCOUNT } from '../../helpers/health-world';
import { CliWorld } from '../world';

const DEV = ['--env', 'dev', '--config', 'test/fixtures/spenders.ts'];
const PAYER = '999988887777';

type Row = Readonly<Record<string, string>>;

interface Told {
  readonly callers?: Callers;
  readonly tagged?: Extract<NonNullable<SpendersOfMonth['tagged']>, { kind: 'known' }>['value'];
  readonly bill?: readonly BilledSpend[];
}

async function focus(by: string, of: Told, ...more: string[]) {
  const world = new CliWorld();
  const known = <T>(value: T | undefined) => value && { kind: 'known', value };
  const spenders = { month: MONTH, callers: known(of.callers), tagged: known(of.tagged) };
  const answer = { kind: 'spenders', spenders, bill: { kind: 'known', value: of.bill ?? [] }, requests: 2 };
  world.answerOf.set('cost-check', { kind: 'returned', value: JSON.parse(JSON.stringify(answer)) as unknown });
  const { stdout, ...ran } = await world.run('costs', ...DEV, '--by', by, '--focus', ...more);
  const [heads = []] = parse(stdout, { to: 1 }) as string[][];
  return { ...ran, heads, rows: parse(stdout, { columns: true }) as Row[] };
}

const WHOLE = callers(
  [
    usage(1, arnOf.user('ana'), usd('12.5')),
    usage(9, arnOf.person('Developers', 'ben@example.com'), usd('0.000000001'), { calls: 1_200 }),
    usage(4, arnOf.session('app', 'worker-1'), usd(2)),
    usage(22, 'arn:aws:iam::111122223333:root', usd(1)),
    usage(30, '', usd(3)),
  ],
  {
    days: days(1, 30),
    rest: [{ day: day(6), callers: 9_700, calls: 10_000, amount: nanoUsd(987_654_321), unpricedCalls: 0 }],
  },
);
const TAGGED = {
  tag: 'team',
  spend: [
    { day: day(1), value: 'search, and "chat"', amount: usd(3) },
    { day: day(2), value: '', amount: usd('1.000000001') },
  ],
};
const BILL = [
  billed(2, usd(5)),
  billed(1, usd(3), { model: 'Claude Haiku 4.5', service: 'Claude Haiku 4.5 (Amazon Bedrock Edition)' }),
];

const SOURCES: readonly (readonly [string, Told])[] = [
  ['person', { callers: WHOLE }],
  ['tag', { tagged: TAGGED }],
  ['model', { bill: BILL }],
];

describe.each(SOURCES)('costs --by %s --focus', (by, told) => {
  test('every mandatory column is there, and no column that FOCUS 1.2 does not have but under x_', async () => {
    const { heads } = await focus(by, told);
    const own = heads.filter((head) => !head.startsWith('x_'));
    const mandatory = FOCUS_1_2.filter(({ level }) => level === 'Mandatory').map(({ id }) => id);
    expect(mandatory.filter((id) => !own.includes(id))).toEqual([]);
    expect(own.filter((head) => !FOCUS_1_2.some(({ id }) => id === head))).toEqual([]);
    expect(new Set(heads).size).toBe(heads.length);
    expect(heads.slice(own.length).every((head) => /^x_[A-Z][A-Za-z]+$/.test(head) && head.length <= 50)).toBe(true);
  });

  test('every value is of its format, among the allowed, and null only where it may be', async () => {
    const { rows, exitCode, stderr } = await focus(by, told, '--billing-account', PAYER);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(rows.length).toBeGreaterThan(1);
    expect(focusProblems(rows)).toEqual([]);
  });

  test('without the account that pays its column is empty, and no other that must not be', async () => {
    const { rows } = await focus(by, told);
    expect([...new Set(focusProblems(rows))]).toEqual(['BillingAccountId must not be null']);
  });

  test('what hangs together does: units with quantities, costs without unit prices, a day within the month', async () => {
    const { rows } = await focus(by, told);
    for (const row of rows) {
      expect(row['ConsumedUnit'] === '').toBe(row['ConsumedQuantity'] === '');
      expect(row['PricingUnit'] === '').toBe(row['PricingQuantity'] === '');
      expect([row['ListCost'], row['ContractedCost'], row['EffectiveCost']]).toEqual(Array(3).fill(row['BilledCost']));
      expect(row['BillingPeriodStart']).toBe('2026-11-01T00:00:00Z');
      expect(row['BillingPeriodEnd']).toBe('2026-12-01T00:00:00Z');
      const [from, to] = [row['ChargePeriodStart'] ?? '', row['ChargePeriodEnd'] ?? ''];
      expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
      expect(from >= '2026-11-01' && to <= '2026-12-01T00:00:00Z').toBe(true);
      expect(row['SubAccountId']).toBe(ACCOUNT);
      expect(JSON.parse(row['Tags'] ?? '')).toMatchObject({ environment: 'dev' });
      expect([row['ChargeClass'], row['InvoiceId'], row['BillingAccountName']]).toEqual(['', '', '']);
    }
  });
});

test('docs/who-spent.md names every column of FOCUS that the file lacks', async () => {
  const { heads } = await focus('person', { callers: WHOLE });
  const page = readFileSync(path.resolve(__dirname, '../../../docs/who-spent.md'), 'utf8');
  const lacking = FOCUS_1_2.map(({ id }) => id).filter((id) => !heads.includes(id));
  expect(lacking.length).toBeGreaterThan(10);
  expect(lacking.filter((id) => !page.includes(`\`${id}\``))).toEqual([]);
});

describe('an estimate', () => {
  test('says that it is one in each of its lines, and is issued by nobody who bills', async () => {
    const { rows } = await focus('person', { callers: WHOLE });
    for (const row of rows) {
      expect(row['x_CostBasis']).toBe('EstimatedAtListPrice');
      expect(row['ChargeDescription']).toMatch(/^Estimate at list price, not billed by AWS: /);
      expect(row['InvoiceIssuerName']).toBe('bedrock-spend-guard');
      expect(row['x_Source']).toBe('InvocationLogs');
    }
  });

  test('has who, as tags, and the tokens', async () => {
    const { rows } = await focus('role', { callers: WHOLE });
    expect(rows.map(({ Tags = '' }) => JSON.parse(Tags) as unknown)).toEqual([
      { environment: 'dev', person: 'ana' },
      { environment: 'dev', person: 'ben@example.com', role: 'Developers', session: 'ben@example.com' },
      { environment: 'dev', role: 'app', session: 'worker-1' },
      { environment: 'dev', caller: 'root of 111122223333' },
      { environment: 'dev' },
      { environment: 'dev' },
    ]);
    expect(rows[1]).toMatchObject({
      ...{ BilledCost: '0.000000001', ConsumedQuantity: '127', ConsumedUnit: 'Tokens', RegionId: 'us-east-1' },
      ...{ x_Model: 'amazon.nova-lite-v1:0', x_Calls: '1200', x_InputTokens: '100', x_OutputTokens: '20' },
      ...{ x_CacheReadTokens: '3', x_CacheWriteTokens: '4', ChargePeriodStart: '2026-11-09T00:00:00Z' },
    });
  });

  test('persons of one name are told apart as in the table', async () => {
    const both = [usage(1, arnOf.user('ana'), 1), usage(1, arnOf.person('Set', 'ana'), 1)];
    const { rows } = await focus('person', { callers: callers(both) });
    expect(rows.map(({ Tags = '' }) => (JSON.parse(Tags) as { readonly person: string }).person)).toEqual([
      'ana (IAM user)',
      'ana (Identity Center)',
    ]);
  });

  test('its lines add up to what the table says, to the last nano-dollar', async () => {
    const { rows } = await focus('person', { callers: WHOLE });
    const all = [...WHOLE.usage, ...WHOLE.rest].map(({ amount }) => amount);
    expect(sumOf(rows.map(({ BilledCost = '' }) => usd(BilledCost)))).toBe(sumOf(all));
  });
});

describe('what the bill has', () => {
  test('is billed by AWS, and of no Region and no tokens, which it does not say', async () => {
    const { rows } = await focus('day', { bill: BILL });
    expect(rows[1]).toMatchObject({
      ...{ x_CostBasis: 'Billed', x_Source: 'CostExplorer', InvoiceIssuerName: 'AWS', RegionId: '' },
      ...{ ServiceName: 'Claude Haiku 4.5 (Amazon Bedrock Edition)', x_Model: 'Claude Haiku 4.5', BilledCost: '3.00' },
      ...{ ConsumedQuantity: '', x_Calls: '' },
      x_Incomplete: 'lines of 2026-11-21 and later, as a bill is a day late or more',
    });
  });

  test('of a month that is over is complete', async () => {
    const { rows } = await focus('day', { bill: BILL }, '--month', '2026-10');
    expect(rows.map((row) => row['x_Incomplete'])).toEqual(['', '']);
  });

  test('has the tag under its key in Cost Explorer, also where it is called as one of ours', async () => {
    const { rows } = await focus('tag', { tagged: { ...TAGGED, tag: 'environment' } });
    expect(rows.map(({ Tags = '' }) => JSON.parse(Tags) as unknown)).toEqual([
      { environment: 'dev', 'iamPrincipal/environment': 'search, and "chat"' },
      { environment: 'dev' },
    ]);
  });
});

describe('what is not known', () => {
  test('has no line, which would need a cost; each line says that something is missing, standard error what: exit 4', async () => {
    const of = callers(
      [usage(1, arnOf.user('ana'), usd(1)), usage(2, arnOf.user('ben'), undefined, { modelId: 'new' })],
      {
        rest: [{ day: day(3), callers: 2, calls: 5, unpricedCalls: 5 }],
      },
    );
    const { exitCode, stderr, rows } = await focus('person', { callers: of });
    expect(exitCode).toBe(4);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.['x_Incomplete']).toBe(
      'no price of new: 1 call by 1 caller; no price of 5 calls by callers whose names are not kept; 2026-11-23 and later, which the next daily reports read',
    );
    expect(stderr).toBe(
      'dev: unknown: no price of new: 1 call by 1 caller\ndev: unknown: no price of 5 calls by callers whose names are not kept\n',
    );
  });

  test('a line of whose calls a part has no token counts says so of itself', async () => {
    const of = callers(
      [usage(1, arnOf.user('ana'), usd(1), { calls: 10, uncounted: 5 }), usage(2, arnOf.user('ben'), usd(1))],
      { rest: [{ day: day(3), callers: 2, calls: 5, amount: usd(1), unpricedCalls: 1, uncounted: 2 }] },
    );
    const { rows } = await focus('person', { callers: of });
    const toCome = '2026-11-23 and later, which the next daily reports read';
    expect(rows.map((row) => row['x_Incomplete']?.replace(/no price of 1 call by [^;]*; /, ''))).toEqual([
      `at least: 5 of 10 calls of this line have no token counts; ${toCome}`,
      toCome,
      `at least: 1 of 5 calls of this line have no price; at least: 2 of 5 calls of this line have no token counts; ${toCome}`,
    ]);
  });

  test('of hundreds of reasons each line has the first', async () => {
    const many = Array.from({ length: 300 }, (_, at) => usage(1, arnOf.user('ben'), undefined, { modelId: `m${at}` }));
    const { rows, stderr } = await focus('person', {
      callers: callers([usage(1, arnOf.user('ana'), usd(1)), ...many]),
    });
    expect(rows[0]?.['x_Incomplete']).toMatch(/^no price of m0: 1 call by 1 caller; .*…$/);
    expect(rows[0]?.['x_Incomplete']).toHaveLength(500);
    expect(stderr.trimEnd().split('\n')).toHaveLength(21);
  });

  test('an environment that cannot be asked: exit 1, on standard error, and the lines of the others', async () => {
    const { exitCode, stderr, rows } = await focus('tag', { tagged: TAGGED }, '--env', 'dev,staging');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('staging: staging: no function cost-check');
    expect(rows).toHaveLength(2);
  });

  test('nothing at all: the heads alone', async () => {
    const { exitCode, heads, rows } = await focus('model', { bill: [] });
    expect(exitCode).toBe(4);
    expect(heads).toContain('BilledCost');
    expect(rows).toEqual([]);
  });
});

test('names cannot break out of their cell, and come back as they are', async () => {
  for (const name of ['=cmd()', '"},{"x":"', 'a\r\nb', '\u001b[31m', '\u009b', 'ä"\\,\u2028', '\ud800']) {
    const of = callers([usage(1, arnOf.person('Set', name), usd(1))]);
    const { rows } = await focus('person', { callers: of });
    expect(rows).toHaveLength(1);
    const tags = JSON.parse(rows[0]?.['Tags'] ?? '') as { readonly person: string };
    expect(tags.person).toBe(name);
  }
});
