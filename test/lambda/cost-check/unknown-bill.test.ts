import { costCheck, item, NOW, type World } from './harness';

describe('unknown is said as unknown', () => {
  const down = { why: 'Cost Explorer answers ThrottlingException', retryable: false };

  test.each<[string, Partial<World>, RegExp]>([
    [
      'Cost Explorer refuses (trap 38)',
      { failure: () => ({ why: 'Cost Explorer refuses this account', retryable: false }) },
      /refuses this account/,
    ],
    ['Cost Explorer is down', { failure: () => down }, /ThrottlingException/],
    [
      'trap 45: the bill is in another currency',
      { currency: 'BRL', items: [item('2026-11-10', '5')] },
      /the bill is in BRL/,
    ],
  ])('%s: no figure in the mail or the metrics', async (_what, world, why) => {
    const check = costCheck({ now: NOW, ...world });
    await check.scheduled();
    const [mail] = check.mail.sent;
    expect(mail!.subject).toMatch(/^\[bill\] dev bill unknown, limit \$50: /);
    expect(mail!.body).toMatch(why);
    expect(mail!.body).toContain('UNKNOWN');
    expect(mail!.body).not.toContain('$0.00');
    expect(check.metrics.latest('BillMonthToDateUsd')).toBeUndefined();
    expect(check.metrics.latest('BillPercentOfLimit')).toBeUndefined();
    expect(check.metrics.latest('BlindLines')).toBeGreaterThanOrEqual(1);
  });

  test('models unknown, total known: each said for itself', async () => {
    let calls = 0;
    const failure = () => (++calls > 1 ? down : undefined);
    const check = costCheck({ now: NOW, items: [item('2026-11-10', '5')], failure });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11\s+\$5\.00/);
    expect(check.mail.sent[0]!.body).toMatch(/By model\n {2}unknown: Cost Explorer answers/);
  });

  test('nothing billed yet is said as just that', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toContain(
      'Nothing is billed yet this month. That is not the same as nothing used.',
    );
    expect(check.mail.sent[0]!.subject).toBe('[bill] dev nothing billed yet, limit $50: no forecast yet');
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11 +nothing billed yet of \$50\.00/);
    expect(check.metrics.latest('BillMonthToDateUsd')).toBeUndefined();
  });

  test('a line of $0.00 on the bill is a figure', async () => {
    const check = costCheck({ now: NOW, items: [item('2026-11-10', '0')] });
    await check.scheduled();
    expect(check.mail.sent[0]!.subject).toBe('[bill] dev 0% $0.00 of $50: no forecast yet');
    expect(check.metrics.latest('BillMonthToDateUsd')).toBe(0);
  });
});
