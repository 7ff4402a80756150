import { usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { at } from '../../helpers/meter-world';
import { costCheck, NOW } from './harness';

describe('an order in force stands in every report', () => {
  const since = at('2026-11-22T09:30');

  test.each([
    ['with a limit', { limit: usd(80) }, 'limit $80.00'],
    ['without one', {}, 'the lines stay as they are'],
  ])('an override %s: who, why, limit, until', async (_what, limit, text) => {
    const check = costCheck({ now: NOW });
    const override = { since, by: 'ann', reason: 'launch day', until: at('2026-11-25T18:00'), ...limit };
    await check.meter.give({ kind: 'override', override });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.order).toEqual({
      kind: 'override',
      by: 'ann',
      reason: 'launch day',
      since: '2026-11-22T09:30:00.000Z',
      until: '2026-11-25T18:00:00.000Z',
      ...limit,
    });
    expect(check.mail.sent[0]!.body).toContain(
      `order in force: override, by ann, ${text}, until 2026-11-25 18:00 UTC: launch day`,
    );
  });

  test.each([
    ['a moment before its end', '2026-11-25T17:59:59Z', 'override'],
    ['at its end', '2026-11-25T18:00:00Z', 'none'],
  ])('%s', async (_when, now, kind) => {
    const check = costCheck({ now });
    const override = { since, by: 'ann', reason: 'launch day', until: at('2026-11-25T18:00') };
    await check.meter.give({ kind: 'override', override });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.order.kind).toBe(kind);
    expect(check.mail.sent[0]!.body.includes('order in force')).toBe(kind === 'override');
  });

  test('a stop that somebody ordered', async () => {
    const check = costCheck({ now: NOW });
    await check.meter.give({ kind: 'stop', stop: { since, by: 'ann', reason: 'leaked key' } });
    const { meter } = await check.onDemand({ mail: true });
    expect(meter.order).toEqual({ kind: 'stop', by: 'ann', reason: 'leaked key', since: '2026-11-22T09:30:00.000Z' });
    expect(check.mail.sent[0]!.body).toContain('order in force: stop, by ann since 2026-11-22 09:30 UTC: leaked key');
  });

  test('orders that cannot be read are unknown, not none', async () => {
    const check = costCheck({ now: NOW });
    check.meter.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
    const { meter, lines } = await check.onDemand({ mail: true });
    expect(meter.order).toMatchObject({ kind: 'unavailable' });
    expect(lines.find(({ line }) => line === 'meter')).toMatchObject({ state: 'unknown' });
    expect(check.mail.sent[0]!.body).toContain('order in force: unknown - ThrottlingException from AWS');
  });
});
