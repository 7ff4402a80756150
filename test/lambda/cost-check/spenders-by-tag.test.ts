import { costCheck, item, NOW, type World } from './harness';
import { GROUP } from './logged';

describe('by the tag', () => {
  const TAG = 'iamPrincipal/team';
  const tagged = (of: string, amount: string, team?: string) =>
    item(of, amount, { environment: '', tags: team === undefined ? {} : { [TAG]: team } });
  const world = (over: Partial<World> = {}): World => ({
    now: NOW,
    items: [tagged('2026-11-20', '3', 'search'), tagged('2026-11-21', '1', 'ads'), tagged('2026-11-21', '1')],
    ...over,
    variables: { IDENTITY: 'direct', METERING: 'account', SPENDERS_TAG: 'team', ...over.variables },
  });

  test('the report has its values, for one request more', async () => {
    const [without, with_] = [costCheck(world({ variables: { SPENDERS_TAG: undefined } })), costCheck(world())];
    const [plain, report] = [await without.onDemand(), await with_.onDemand()];
    expect(report.requests).toBe(plain.requests + 1);
    expect(plain).not.toHaveProperty('spenders');
    expect(report.spenders).toMatchObject({
      kind: 'known',
      value: { source: 'principalTag', total: 5e9, nameless: 1e9, top: [{ name: 'search' }, { name: 'ads' }] },
    });
  });

  test('spend and no value is unknown, with the fix (trap 25)', async () => {
    const { spenders } = await costCheck(world({ items: [tagged('2026-11-20', '3')] })).onDemand();
    expect(spenders).toEqual({ kind: 'unavailable', why: expect.stringMatching(/'team'.*activate/) });
  });

  test('no bill yet is unknown', async () => {
    const { spenders } = await costCheck(world({ items: [] })).onDemand();
    expect(spenders).toEqual({ kind: 'unavailable', why: expect.stringMatching(/no line/) });
  });

  test('a bill that cannot be read is asked nothing more', async () => {
    const check = costCheck(world({ failure: () => ({ why: 'down', retryable: false }) }));
    const report = await check.onDemand();
    expect(report.spenders).toEqual({ kind: 'unavailable', why: 'down' });
    expect(check.costExplorer.queries).toHaveLength(1);
  });

  test('the log is missing: the tag stands in, and it is said', async () => {
    const { spenders } = await costCheck(world({ variables: { SPENDERS_LOG_GROUP: GROUP } })).onDemand();
    expect(spenders).toMatchObject({
      kind: 'known',
      value: { source: 'principalTag', unknown: [expect.stringMatching(/^by the invocation log: .*no log group/)] },
    });
  });
});
