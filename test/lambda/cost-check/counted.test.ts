import fc from 'fast-check';
import { usd } from '../../../core/money';
import { costCheck, figuresOf, item, NOW } from './harness';

describe('what is counted', () => {
  test('trap 1: every name that Bedrock bills under, and nothing else', async () => {
    const names = [
      'Amazon Bedrock',
      'Amazon Bedrock Service',
      'Claude Haiku 4.5 (Amazon Bedrock Edition)',
      'Amazon Bedrock AgentCore',
      'AmazonBedrockFoundationModels',
    ];
    const items = names.map((service) => item('2026-11-10', '1.00', { service }));
    const bill = await figuresOf({ now: NOW, items: [...items, item('2026-11-10', '99', { service: 'AWS Lambda' })] });
    expect(bill.monthToDate).toBe(usd(5));
    expect(bill.byService.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test('trap 1: without a filter by service, which would miss a name that nobody knew', async () => {
    const check = costCheck({ now: NOW, items: [item('2026-11-10', '1')] });
    await check.onDemand();
    expect(check.costExplorer.queries[0]).not.toHaveProperty('services');
  });

  test('trap 39: what carries another environment’s tag is reported, not counted', async () => {
    const items = [
      item('2026-11-10', '3'),
      item('2026-11-10', '900', { environment: 'staging' }),
      item('2026-11-10', '7', { environment: '' }),
    ];
    const bill = await figuresOf({ now: NOW, items });
    expect([bill.monthToDate, bill.foreign, bill.untagged]).toEqual([usd(3), usd(900), usd(7)]);
  });

  test('in an account of its own everything of Bedrock counts, tagged or not', async () => {
    const items = [item('2026-11-10', '3'), item('2026-11-10', '7', { environment: '' })];
    const bill = await figuresOf({ now: NOW, items, variables: { IDENTITY: 'direct' } });
    expect([bill.monthToDate, bill.untagged, bill.foreign]).toEqual([usd(10), 0, 0]);
  });

  test('a correction of an earlier day counts as it stands', async () => {
    expect(
      (await figuresOf({ now: NOW, items: [item('2026-11-10', '3'), item('2026-11-11', '-1')] })).monthToDate,
    ).toBe(usd(2));
  });

  test('fractions of a nano-dollar are summed exactly and rounded up once', async () => {
    const items = Array.from({ length: 10 }, (_, at) => item(`2026-11-${10 + at}`, '0.0000000001'));
    expect((await figuresOf({ now: NOW, items })).monthToDate).toBe(1);
  });

  test('property: by service and by model each add up to the total, but for a nano-dollar of rounding a line', async () => {
    const amount = fc.integer({ min: 0, max: 10 ** 9 }).map((digits) => ({ digits: BigInt(digits), scale: 10 }));
    const lines = fc.array(
      fc.record({
        day: fc.integer({ min: 1, max: 22 }),
        service: fc.constantFrom(
          'Amazon Bedrock',
          'Amazon Bedrock Service',
          'Claude Haiku 4.5 (Amazon Bedrock Edition)',
        ),
        usageType: fc.constantFrom(
          'USE1-NovaLite-input-tokens',
          'USE1-NovaLite-output-tokens',
          'strange thing',
          'EUC1-Llama3-1-70B-output-tokens',
        ),
        amount,
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (all) => {
        const items = all.map(({ day, ...rest }) => ({
          ...item(`2026-11-${String(day).padStart(2, '0')}`, '0'),
          ...rest,
        }));
        const bill = await figuresOf({ now: NOW, items });
        if (bill.byModel.kind !== 'known') throw new Error('models unknown');
        for (const list of [bill.byService, bill.byModel.byModel]) {
          const sum = list.reduce((total, { amount: of }) => total + of, 0);
          expect(sum - bill.monthToDate).toBeGreaterThanOrEqual(0);
          expect(sum - bill.monthToDate).toBeLessThanOrEqual(Math.max(list.length, 1));
        }
      }),
      { numRuns: 60 },
    );
  });
});
