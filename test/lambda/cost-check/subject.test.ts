import fc from 'fast-check';
import { costCheck, item, NOW } from './harness';

describe('the subject says the one thing that matters', () => {
  test.each([
    ['24.99', '[bill] dev 49% $24.99 of $50: on track for $34.08'],
    ['47.49', '[bill] dev 94% $47.49 of $50: on track for $64.76, above the limit'],
    ['47.5', '[bill] dev 95% $47.50 of $50: above the stop line'],
    ['49.99', '[bill] dev 99% $49.99 of $50: above the stop line'],
    ['50', '[bill] dev 100% $50.00 of $50: ABOVE the limit'],
  ])('at $%s: %s', async (amount, subject) => {
    const perDay = Array.from({ length: 22 }, (_, at) => at + 1);
    const [digits = '0', fraction = ''] = amount.split('.');
    const total = BigInt(digits + fraction.padEnd(8, '0'));
    const each = total / 22n;
    const items = perDay.map((day) => ({
      ...item(`2026-11-${String(day).padStart(2, '0')}`, '0'),
      amount: { digits: day === 22 ? total - each * 21n : each, scale: 8 },
    }));
    const check = costCheck({ now: NOW, items });
    await check.scheduled();
    expect(check.mail.sent[0]!.subject).toBe(subject);
  });

  test('property: at most 100 ASCII characters, whatever the name and the reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        async (name, why) => {
          const check = costCheck({
            now: NOW,
            variables: { ENVIRONMENT: name },
            failure: () => ({ why, retryable: false }),
          });
          await check.onDemand({ mail: true });
          expect(check.mail.sent[0]!.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
        },
      ),
      { numRuns: 50 },
    );
  });
});
