import { costCheck, NOW } from './harness';
import { metered, billed } from './metered';

describe('paid requests', () => {
  test('three a report, and every one is counted', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '5']) }, []);
    const { requests } = await check.onDemand();
    expect(requests).toBe(3);
    expect(check.costExplorer.queries).toHaveLength(3);
    expect(check.costExplorer.queries.at(-1)).toMatchObject({
      from: '2026-11-14',
      to: '2026-11-21',
      groupBy: [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }],
      services: ['Amazon Bedrock Service'],
      tag: { value: 'dev' },
    });
  });

  test('an account without Bedrock on its bill is asked once', async () => {
    expect((await costCheck({ now: NOW }).onDemand()).requests).toBe(1);
  });
});
