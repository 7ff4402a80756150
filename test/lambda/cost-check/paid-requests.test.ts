import type { TagStatus } from '../../../core/bill/ports';
import { costCheck, item, NOW } from './harness';
import { metered, billed } from './metered';

describe('paid requests', () => {
  test('two a report where the bill itself shows that the tag is active, and every one is counted', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '5'], ['2026-11-22', '1']) }, []);
    const { requests } = await check.onDemand();
    expect(requests).toBe(2);
    expect(check.costExplorer.queries).toHaveLength(2);
    expect(check.costExplorer.tagsAsked).toBe(0);
    expect(check.costExplorer.queries.at(-1)).toMatchObject({
      from: '2026-11-01',
      to: '2026-11-24',
      granularity: 'DAILY',
      groupBy: [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }],
      services: ['Amazon Bedrock Service'],
      tag: { value: 'dev' },
    });
  });

  test('early in a month the second one begins with the first day that is compared, and the month stays the month', async () => {
    const items = [item('2026-10-30', '3'), item('2026-11-02', '1'), item('2026-11-03', '2')];
    const check = costCheck({ now: '2026-11-04T11:00:00Z', items });
    const { bill } = await check.onDemand();
    expect(check.costExplorer.queries.at(-1)).toMatchObject({ from: '2026-10-26', to: '2026-11-05' });
    expect(bill).toMatchObject({ byModel: { kind: 'known', byModel: [{ name: 'NovaLite', amount: 3_000_000_000 }] } });
  });

  test('an account without Bedrock on its bill is asked once, and once for the tag', async () => {
    const check = costCheck({ now: NOW });
    expect((await check.onDemand()).requests).toBe(2);
    expect(check.costExplorer.queries).toHaveLength(1);
  });

  test('of others’ spend alone nothing more is asked', async () => {
    const check = costCheck({ now: NOW, items: [item('2026-11-20', '5', { environment: 'staging' })] });
    expect((await check.onDemand()).requests).toBe(2);
    expect(check.costExplorer.queries).toHaveLength(1);
  });

  test('without profiles there is no tag to ask for', async () => {
    const items = [item('2026-11-20', '5', { environment: '' })];
    const check = costCheck({ now: NOW, items, variables: { IDENTITY: 'direct', METERING: 'account' } });
    expect((await check.onDemand()).requests).toBe(2);
    expect(check.costExplorer.tagsAsked).toBe(0);
  });
});

describe('whether the tag is active', () => {
  const INACTIVE: TagStatus = { kind: 'known', state: 'inactive' };
  const stateOf = async (day: string, more: object = {}) => {
    const check = costCheck({ now: NOW, items: [item(day, '5', more)], tag: INACTIVE });
    const { lines } = await check.onDemand();
    return [check.costExplorer.tagsAsked, lines.find(({ line }) => line === 'budget by tag')?.state];
  };

  test.each([
    ['2026-11-19', 1, 'blind'],
    ['2026-11-20', 0, 'armed'],
    ['2026-11-21', 0, 'armed'],
  ])('a line that carries it, of %s: asked for %i times, and the budget by tag is %s', async (day, asked, state) => {
    expect(await stateOf(day)).toEqual([asked, state]);
  });

  test('another environment’s line, or one without the tag, proves nothing', async () => {
    expect(await stateOf('2026-11-22', { environment: 'staging' })).toEqual([1, 'blind']);
    expect(await stateOf('2026-11-22', { environment: '' })).toEqual([1, 'blind']);
  });

  test('trap 38: a bill that cannot be read proves nothing either', async () => {
    const failure = () => ({ why: 'Cost Explorer refuses this account', retryable: false });
    const check = costCheck({ now: NOW, failure, tag: INACTIVE });
    const { lines } = await check.onDemand();
    expect(check.costExplorer.tagsAsked).toBe(1);
    expect(lines).toContainEqual(expect.objectContaining({ line: 'budget by tag', state: 'blind' }));
  });
});
