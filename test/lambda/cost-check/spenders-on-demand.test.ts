import { costCheck, item, NOW, type World } from './harness';
import { answerOf, callersOf, day, withLog, YESTERDAY } from './logged';

describe('on demand', () => {
  const month = (over: Partial<World> = {}) =>
    costCheck({
      now: NOW,
      items: [item('2026-10-02', '2'), item('2026-10-02', '1', { environment: 'staging' })],
      ...over,
    });

  test('the bill of a month by day, model and service, of this environment alone, and what it cost to ask', async () => {
    const check = month();
    expect(await check.handler({ by: 'spenders', month: '2026-10' })).toEqual({
      kind: 'spenders',
      spenders: { month: '2026-10' },
      bill: {
        kind: 'known',
        value: [{ day: '2026-10-02', model: 'NovaLite', service: 'Amazon Bedrock Service', amount: 2e9 }],
      },
      requests: 2,
    });
    expect(check.mail.sent).toEqual([]);
  });

  test('nothing of Bedrock on the bill: known and empty, for one request', async () => {
    const items = [item('2026-10-02', '2', { service: 'Amazon EC2' })];
    expect(await month({ items }).handler({ by: 'spenders', month: '2026-10' })).toMatchObject({
      bill: { kind: 'known', value: [] },
      requests: 1,
    });
  });

  test('Cost Explorer is down: unknown, and the log’s days all the same', async () => {
    const check = costCheck(withLog(day(YESTERDAY), { failure: () => ({ why: 'down', retryable: true }) }));
    await check.onDemand();
    const answer = answerOf(await check.handler({ by: 'spenders', month: '2026-11' }));
    expect(answer.bill).toEqual({ kind: 'unavailable', why: 'down' });
    expect(callersOf(answer.spenders).days).toEqual([YESTERDAY]);
  });

  test('with a tag one request more, and the month by its values', async () => {
    const items = [item('2026-10-02', '2', { tags: { 'iamPrincipal/team': 'search' } })];
    const variables = { SPENDERS_TAG: 'team', IDENTITY: 'direct', METERING: 'account' } as const;
    expect(await month({ items, variables }).handler({ by: 'spenders', month: '2026-10' })).toMatchObject({
      spenders: { tagged: { kind: 'known', value: { tag: 'team', spend: [{ value: 'search', amount: 2e9 }] } } },
      requests: 3,
    });
  });

  test.each([
    [{ by: 'person', month: '2026-11' }, /by must be 'spenders'/],
    [{ by: 'spenders' }, /month must be/],
    [{ by: 'spenders', month: '2026-13' }, /month must be/],
    [{ by: 'spenders', month: '2026-1' }, /month must be/],
    [{ by: 'spenders', month: '2026-12' }, /not after this one \(2026-11\)/],
  ])('refused: %j', async (event, why) => {
    await expect(month().handler(event)).rejects.toMatchObject({
      code: 'EVENT_INVALID',
      message: expect.stringMatching(why),
    });
  });
});
