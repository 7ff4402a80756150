import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  ListCostAllocationTagsCommand,
  type GetCostAndUsageCommandOutput,
} from '@aws-sdk/client-cost-explorer';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcDay } from '../../../../core/calendar';
import { addDecimals, decimalToNano, usd } from '../../../../core/money';
import type { CostQuery } from '../../../../core/bill/ports';
import { CostExplorerAdapter } from '../../../../lambda/adapters/cost-explorer/cost-explorer';
import firstPage from '../../../fixtures/cost-explorer/page-1.json';
import lastPage from '../../../fixtures/cost-explorer/page-2.json';

const page1 = firstPage as GetCostAndUsageCommandOutput | object;
const page2 = lastPage as GetCostAndUsageCommandOutput | object;
const client = mockClient(CostExplorerClient);
const adapter = new CostExplorerAdapter();
const query: CostQuery = {
  from: '2026-10-01' as UtcDay,
  to: '2026-11-24' as UtcDay,
  granularity: 'DAILY',
  groupBy: [{ kind: 'TAG', key: 'spend-guard:models' }, { kind: 'SERVICE' }],
};

beforeEach(() => client.reset());

function refusal(name: string, status = 400): Error {
  return Object.assign(new Error('whatever it says'), { name, $metadata: { httpStatusCode: status } });
}

describe('costs', () => {
  test('trap 2: the figures are in the groups, over all pages; the totals are empty', async () => {
    client
      .on(GetCostAndUsageCommand)
      .resolvesOnce(page1)
      .resolvesOnce({ ResultsByTime: [], NextPageToken: 'c' })
      .resolvesOnce(page2);
    const answer = await adapter.costs(query);
    if (answer.kind !== 'known') throw new Error(answer.why);
    expect(answer.requests).toBe(3);
    expect(answer.rows.map(({ day, keys }) => [day, ...keys])).toEqual([
      ['2026-11-01', 'dev', 'Amazon Bedrock'],
      ['2026-11-01', 'dev', 'Amazon Bedrock Service'],
      ['2026-11-01', '', 'Amazon Bedrock Service'],
      ['2026-11-02', 'dev', 'Claude Haiku 4.5 (Amazon Bedrock Edition)'],
    ]);
    expect(decimalToNano(addDecimals(answer.rows.map(({ amount }) => amount)))).toBe(usd('5216.0100000002'));
  });

  test.each([
    ['with the prefix that it is asked with', 'iamPrincipal/team$search', 'search'],
    ['without it', 'team$search', 'search'],
    ['of spend without the tag', 'iamPrincipal/team$', ''],
    ['of the same without the prefix', 'team$', ''],
    ['that is no such tag is shown as it is, never as none', 'other$search', 'other$search'],
  ])('the value of a tag of IAM principals, answered %s', async (_what, key, value) => {
    const Metrics = { UnblendedCost: { Amount: '1', Unit: 'USD' } };
    const ResultsByTime = [
      { TimePeriod: { Start: '2026-11-01', End: '2026-11-02' }, Groups: [{ Keys: [key], Metrics }] },
    ];
    client.on(GetCostAndUsageCommand).resolves({ ResultsByTime });
    expect(await adapter.costs({ ...query, groupBy: [{ kind: 'TAG', key: 'iamPrincipal/team' }] })).toMatchObject({
      rows: [{ keys: [value] }],
    });
    expect(client.commandCalls(GetCostAndUsageCommand)[0]!.args[0].input.GroupBy).toEqual([
      { Type: 'TAG', Key: 'iamPrincipal/team' },
    ]);
  });

  test('trap 15: asks for unblended cost without credits, refunds and tax; trap 1: without a filter by service', async () => {
    client.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await adapter.costs(query);
    expect(client.commandCalls(GetCostAndUsageCommand)[0]!.args[0].input).toEqual({
      TimePeriod: { Start: '2026-10-01', End: '2026-11-24' },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost'],
      GroupBy: [
        { Type: 'TAG', Key: 'spend-guard:models' },
        { Type: 'DIMENSION', Key: 'SERVICE' },
      ],
      Filter: { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } } },
      NextPageToken: undefined,
    });
  });

  test('by service and by tag, all filters apply together', async () => {
    client.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await adapter.costs({ ...query, services: ['Amazon Bedrock'], tag: { key: 't', value: 'dev' } });
    expect(client.commandCalls(GetCostAndUsageCommand)[0]!.args[0].input.Filter).toEqual({
      And: [
        { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } } },
        { Dimensions: { Key: 'SERVICE', Values: ['Amazon Bedrock'] } },
        { Tags: { Key: 't', Values: ['dev'] } },
      ],
    });
  });

  test('of a tag and of what does not carry it', async () => {
    client.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [] });
    await adapter.costs({ ...query, tag: { key: 't', value: 'dev', orNone: true } });
    expect(client.commandCalls(GetCostAndUsageCommand)[0]!.args[0].input.Filter).toEqual({
      And: [
        { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } } },
        { Or: [{ Tags: { Key: 't', Values: ['dev'] } }, { Tags: { Key: 't', MatchOptions: ['ABSENT'] } }] },
      ],
    });
  });

  test('a page token that comes again is no endless loop: the bill is unknown, and what was paid for is counted', async () => {
    client.on(GetCostAndUsageCommand).resolves({ ResultsByTime: [], NextPageToken: 'again' });
    expect(await adapter.costs(query)).toEqual({
      kind: 'unavailable',
      retryable: true,
      why: expect.stringContaining("the page token 'again' twice"),
      requests: 2,
    });
  });

  test.each([
    ['no amount', { Keys: ['a', 'b'], Metrics: { UnblendedCost: { Unit: 'USD' } } }],
    ['no unit', { Keys: ['a', 'b'], Metrics: { UnblendedCost: { Amount: '1' } } }],
    ['no keys', { Metrics: { UnblendedCost: { Amount: '1', Unit: 'USD' } } }],
    ['too few keys', { Keys: ['a'], Metrics: { UnblendedCost: { Amount: '1', Unit: 'USD' } } }],
    ['an amount of NaN', { Keys: ['a', 'b'], Metrics: { UnblendedCost: { Amount: 'NaN', Unit: 'USD' } } }],
    ['an empty amount', { Keys: ['a', 'b'], Metrics: { UnblendedCost: { Amount: '', Unit: 'USD' } } }],
  ])('a group with %s makes the bill unknown, not $0', async (_what, group) => {
    client
      .on(GetCostAndUsageCommand)
      .resolves({ ResultsByTime: [{ TimePeriod: { Start: '2026-11-01', End: '2026-11-02' }, Groups: [group] }] });
    expect(await adapter.costs(query)).toEqual({
      kind: 'unavailable',
      retryable: false,
      why: expect.stringMatching(/without day, amount, unit or keys|not a decimal amount/),
      requests: 1,
    });
  });

  test.each([
    ['AccessDeniedException', 400, false, /never opened, or the management account/],
    ['DataUnavailableException', 400, false, /no data yet/],
    ['LimitExceededException', 400, true, /no more requests/],
    ['ThrottlingException', 400, true, /Throttling/],
    ['BillExpirationException', 400, true, /just closed/],
    ['InternalFailure', 500, true, /InternalFailure/],
    ['ValidationException', 400, false, /ValidationException/],
  ])('%s: unavailable with a reason, never $0', async (name, status, retryable, why) => {
    client.on(GetCostAndUsageCommand).rejects(refusal(name, status));
    expect(await adapter.costs(query)).toEqual({
      kind: 'unavailable',
      retryable,
      why: expect.stringMatching(why),
      requests: 1,
    });
  });

  test('a failure on a later page makes all of it unavailable: part of a bill is no bill', async () => {
    client.on(GetCostAndUsageCommand).resolvesOnce(page1).rejects(refusal('ThrottlingException'));
    expect(await adapter.costs(query)).toMatchObject({ kind: 'unavailable', requests: 2 });
  });

  test('a defect of ours is not reported as an outage of theirs', async () => {
    client.on(GetCostAndUsageCommand).rejects(new TypeError('undefined is not a function'));
    await expect(adapter.costs(query)).rejects.toThrow(TypeError);
  });
});

describe('tagStatus', () => {
  test.each([
    [{ TagKey: 'k', Status: 'Active' as const, Type: 'UserDefined' as const }, 'active'],
    [{ TagKey: 'k', Status: 'Inactive' as const, Type: 'UserDefined' as const }, 'inactive'],
    [{ TagKey: 'K', Status: 'Active' as const, Type: 'UserDefined' as const }, 'unseen'],
  ])('trap 25: %p is %s', async (tag, state) => {
    client.on(ListCostAllocationTagsCommand).resolves({ CostAllocationTags: [tag] });
    expect(await adapter.tagStatus('k')).toEqual({ kind: 'known', state });
  });

  test('trap 38: a member account is refused, and does not know', async () => {
    client.on(ListCostAllocationTagsCommand).rejects(refusal('AccessDeniedException'));
    expect(await adapter.tagStatus('k')).toMatchObject({
      kind: 'unavailable',
      why: expect.stringContaining('management account'),
    });
  });

  test.each([
    ['DataUnavailableException', 'The requested data is unavailable', true],
    ['AccessDeniedException', 'User not enabled for cost explorer access', true],
    ['AccessDeniedException', 'not authorized to perform: ce:ListCostAllocationTags', undefined],
    ['ThrottlingException', 'Rate exceeded', undefined],
  ])('%s, %s: whether AWS says that Cost Explorer is not enabled', async (name, message, isNotEnabled) => {
    client.on(ListCostAllocationTagsCommand).rejects(Object.assign(refusal(name), { message }));
    const status = await adapter.tagStatus('k');
    expect(status.kind).toBe('unavailable');
    expect((status as { isNotEnabled?: true }).isNotEnabled).toBe(isNotEnabled);
  });
});
