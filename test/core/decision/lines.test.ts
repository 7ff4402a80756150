import { alertMail } from '../../../core/decision/alert-mail';
import { usd } from '../../../core/money';
import { type Seen } from '../../helpers/meter-world';
import { after, kindsOf } from './decisions';

describe('each line, just below, at and above', () => {
  test.each<[string, Seen, string, string]>([
    ['nothing', {}, 'open', 'underLines'],
    ['below degrade', { spend: '74.999999999' }, 'open', 'underLines'],
    ['at degrade', { spend: 75 }, 'degraded', 'degrade'],
    ['below stop', { spend: '94.999999999' }, 'degraded', 'degrade'],
    ['at stop', { spend: 95 }, 'stopped', 'threshold'],
    ['above stop', { spend: '95.000000001' }, 'stopped', 'threshold'],
    ['projected below the limit', { spend: 50, burn: '9.999999999' }, 'open', 'underLines'],
    ['projected at the limit', { spend: 50, burn: 10 }, 'stopped', 'projected'],
    ['projected above it', { spend: 50, burn: '10.000000001' }, 'stopped', 'projected'],
    ['below the daily limit', { spend: 60, today: '39.999999999' }, 'open', 'underLines'],
    ['at the daily limit', { spend: 60, today: 40 }, 'stopped', 'daily'],
    ['above it', { spend: 60, today: '40.000000001' }, 'stopped', 'daily'],
    ['below the brake', { spend: 60, lastHour: '19.999999999' }, 'open', 'underLines'],
    ['at the brake', { spend: 60, lastHour: 20 }, 'stopped', 'brake'],
    ['above it', { spend: 60, lastHour: '20.000000001' }, 'stopped', 'brake'],
  ])('%s', (_name, seen, desired, cause) => {
    const decision = after(seen);
    expect([decision.desired, decision.reason.cause]).toEqual([desired, cause]);
  });

  test('trap 20: a longer delay stops earlier', () => {
    expect(after({ spend: 50, burn: 6 }, { delayMinutes: 8 }).desired).toBe('open');
    expect(after({ spend: 50, burn: 6 }, { delayMinutes: 9 }).desired).toBe('stopped');
  });
});

describe('calibration: upwards, at most 1.5, for the stop alone', () => {
  test.each([
    ['raises', '80', 1.2, 'stopped'],
    ['not enough', '79', 1.2, 'degraded'],
    ['never lowers', '95', 0.5, 'stopped'],
    ['not a number', '95', Number.NaN, 'stopped'],
    ['at most 1.5', '63', 9, 'open'],
    ['at 1.5', '63.34', 9, 'stopped'],
  ])('%s', (_name, spend, calibration, desired) => {
    const decision = after({ spend }, { calibration });
    expect(decision.desired).toBe(desired);
    expect(decision.monthToDate?.raw).toBe(usd(spend));
  });
  test('alerts and degrade go by the raw figure', () => {
    const decision = after({ spend: 49 }, { calibration: 1.5 });
    expect([decision.desired, kindsOf(decision)]).toEqual(['open', []]);
  });
});

test('dry run decides and says it all the same', () => {
  const dry = after({ spend: 96 }, { enforce: false });
  const { enforce, ...rest } = dry;
  const { enforce: _real, ...real } = after({ spend: 96 });
  expect(enforce).toBe(false);
  expect(rest).toEqual(real);
  const [alert] = dry.alerts;
  expect(alert && alertMail(alert, { environment: 'dev', enforce: false }).text).toContain('Dry run');
});
