import { addDays, DAY_MS, utcDay } from '../../../core/calendar';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

/** Dollars of each day, by the meter and by the bill. */
const SEEN = 2;
const BILLED = 2.5;

export function calibration(guard: LocalGuard): void {
  test('a bill above the meter: cost-check keeps the factor, and the meter counts by it from then on', async () => {
    const month = await VirtualMonth.begin(guard, 'resumed');
    const first = utcDay(month.now + DAY_MS);
    await month.spendDaily(SEEN, 6);
    expect(await month.tick()).toMatchObject({ monthToDateNanoUsd: 6 * SEEN * 1e9, calibration: 1 });
    const line = { tag: 'resumed', service: 'Amazon Bedrock', usageType: 'USE1-NovaPro-output-tokens', usd: BILLED };
    const rows = [0, 1, 2, 3, 4, 5].map((day) => ({ day: addDays(first, day), ...line }));
    await guard.aws.control.costExplorer({ rows });

    const now = new Date(month.now).toISOString();
    const { error, result } = await month.environment.functions.invoke('cost-check', { now });
    await guard.aws.control.costExplorer({ results: [] });
    expect({ error, result }).toMatchObject({ error: undefined, result: { kind: 'reported' } });
    expect(await month.tick()).toMatchObject({ calibration: BILLED / SEEN });
  });
}
