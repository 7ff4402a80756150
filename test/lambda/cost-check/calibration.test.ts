import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { costCheck, NOW } from './harness';
import { metered, billed } from './metered';

describe('calibration', () => {
  test.each<[string, number, number]>([
    ['a bill that is lower never lowers it', 25, 1],
    ['a bill that is higher raises it', 16, 1.25],
    ['at most to 1.5', 2, 1.5],
  ])('%s', async (_what, dollars, factor) => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '20']) }, [['2026-11-14', dollars]]);
    await check.scheduled();
    expect(await check.meter.calibration()).toEqual({ factor, at: Date.parse(NOW) });
  });

  test('stands beside the raw figure, in report and mail', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '20']) }, [['2026-11-14', 16]]);
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.calibration).toEqual({ kind: 'known', factor: 1.25, asOf: '2026-11-23T11:00:00.000Z' });
    expect(meter.figures).toMatchObject({ monthToDate: usd(3), calibrated: usd('3.75') });
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11 +\$3\.00 of \$50\.00 \(the bill: \$20\.00\)/);
    expect(check.mail.sent[0]!.body).toMatch(/Counts for a stop as +\$3\.75 \(x1\.25: the bill was higher\)/);
  });

  test('where no day can be compared, the last one stands and is shown', async () => {
    const check = costCheck({ now: NOW });
    await check.meter.keepCalibration({ factor: 1.1, at: 1 });
    expect((await check.onDemand()).meter.calibration).toMatchObject({ factor: 1.1 });
    expect(await check.meter.calibration()).toEqual({ factor: 1.1, at: 1 });
  });

  test('one that cannot be kept is said, and the report goes out', async () => {
    const check = metered({ now: NOW, items: billed(['2026-11-14', '20']) }, [['2026-11-14', 16]]);
    check.meter.keepCalibration = async () => {
      throw new ServiceError('throttled', 'ThrottlingException', 'slow down');
    };
    const result = await check.scheduled();
    expect(result).toMatchObject({ kind: 'reported', mailed: true });
    expect(check.mail.sent[0]!.body).toContain('calibrated is unknown: x1.25 could not be kept: ThrottlingException');
  });
});
