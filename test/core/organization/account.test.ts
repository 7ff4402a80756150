import { HOUR_MS, type UtcMonth } from '../../../core/calendar';
import { nanoUsd, usd } from '../../../core/money';
import { standOf } from '../../../core/organization/account';
import { mergeStanding } from '../../../core/organization/stored-standing';
import type { Standing } from '../../../core/organization/standing';
import { at, heard, MANAGEMENT, NEVER, NOON, ONE, ORGANIZATION, standing, UNLISTED } from '../../helpers/organization';

const NOVEMBER = '2026-11' as UtcMonth;
const DECEMBER = '2026-12' as UtcMonth;
const stand = (standings: readonly Standing[], now = NOON, month = NOVEMBER, account = ONE) =>
  standOf(ORGANIZATION, heard(account, ...standings), month, now);
const known = (amount: number, atLeast: boolean) => ({ kind: 'known', value: { amount: usd(amount), atLeast } });

describe('what is kept', () => {
  const before = mergeStanding(undefined, { account: ONE, standing: standing() }, NOON);

  test.each([
    ['late', standing({ ...at(-1), spentNano: usd(99) })],
    ['twice', standing({ spentNano: usd(99) })],
  ])('what comes %s changes nothing', (_when, late) => {
    expect(mergeStanding(before, { account: ONE, standing: late }, NOON + 9)).toBeUndefined();
  });

  test('a later one replaces it, by its own time and not by when it was heard', () => {
    const later = standing({ at: new Date(NOON + 1).toISOString(), spentNano: usd(11) });
    expect(mergeStanding(before, { account: ONE, standing: later }, NOON - HOUR_MS)?.standing).toEqual(later);
  });
});

describe('the spend of an account', () => {
  test('is of all its environments', () => {
    const both = [standing(), standing({ environment: 'prod', spentNano: usd(20) })];
    expect(stand(both).spent).toEqual(known(30, false));
  });

  test('nothing heard is unknown, and never zero', () => {
    const { heard: how, spent } = stand([]);
    expect(how).toBe('unheard');
    expect(spent).toMatchObject({ kind: 'unavailable', why: 'nothing was ever heard of it' });
  });

  test('an unknown amount is unknown, and beside a known one the sum is a lower bound', () => {
    const blind = standing({ spentNano: null, asOf: null });
    expect(stand([blind]).spent.kind).toBe('unavailable');
    expect(stand([blind, standing({ environment: 'prod' })]).spent).toEqual(known(10, true));
  });

  test('a lower bound stays one', () => {
    expect(stand([standing({ atLeast: true })]).spent).toEqual(known(10, true));
  });

  test('what was known earlier in the month is a lower bound once it is not known any more', () => {
    const lost = [standing(), standing({ ...at(1), spentNano: null, asOf: null })];
    expect(stand(lost).spent).toEqual(known(10, true));
  });

  test('what was spent last month is nothing of this one, which is unknown until it was heard', () => {
    const turned = NOON + 30 * 24 * HOUR_MS;
    expect(stand([standing()], turned, DECEMBER).spent).toEqual({
      kind: 'unavailable',
      why: 'nothing was heard of 2026-12',
    });
    const unknownYet = standing({ at: new Date(turned).toISOString(), month: '2026-12', spentNano: null });
    expect(stand([standing(), unknownYet], turned, DECEMBER).spent.kind).toBe('unavailable');
  });

  test('a hub whose clock is a little late does not take the new month for its own', () => {
    const next = standing({ ...at(1), month: '2026-12', spentNano: 0 });
    expect(stand([standing(), next]).spent.kind).toBe('unavailable');
  });

  test('an item that cannot be read may be more, or all', () => {
    const items = { ...heard(ONE, standing()), unread: ['STANDING#prod'] };
    expect(standOf(ORGANIZATION, items, NOVEMBER, NOON).spent).toEqual(known(10, true));
    const nothing = { account: ONE, standings: [], unread: ['STANDING#prod'] };
    expect(standOf(ORGANIZATION, nothing, NOVEMBER, NOON).spent).toMatchObject({ kind: 'unavailable' });
  });

  test('beyond what money holds it is the most that it holds', () => {
    const most = standing({ spentNano: Number.MAX_SAFE_INTEGER });
    const both = [most, { ...most, environment: 'prod' }];
    expect(stand(both).spent).toMatchObject({ value: { amount: Number.MAX_SAFE_INTEGER } });
  });
});

test.each([
  ['just before two hours', 2 * HOUR_MS - 1, 'heard', false],
  ['after two hours', 2 * HOUR_MS, 'silent', true],
])('an environment is silent: %s', (_when, ms, how, atLeast) => {
  const { heard: found, spent } = stand([standing()], NOON + ms);
  expect([found, spent]).toEqual([how, known(10, atLeast)]);
});

test('one silent environment makes its account silent', () => {
  const both = [standing(at(60)), standing({ environment: 'prod' })];
  expect(stand(both, NOON + 2 * HOUR_MS)).toMatchObject({
    heard: 'silent',
    environments: [{ isSilent: false }, { isSilent: true }],
  });
});

describe('spend that rises after a stop', () => {
  const stopped = (minute: number, spentNano: number | null, over: Partial<Standing> = {}) =>
    standing({ ...at(minute), desired: 'stopped', spentNano, ...over });
  const rises = (...standings: readonly Standing[]) => stand(standings).rises;

  test.each([
    ['at 5% of the limit', usd(95), 0],
    ['above', nanoUsd(usd(95) + 1), 1],
  ])('%s', (_what, spentNano, expected) => {
    expect(rises(stopped(0, usd(90)), stopped(1, usd(91)), stopped(2, spentNano))).toHaveLength(expected);
  });

  test('counts from the first that was heard of the stop, and anew after a resume', () => {
    const again = [stopped(0, usd(10)), standing({ ...at(1), spentNano: usd(90) }), stopped(2, usd(90))];
    expect(rises(...again, stopped(3, usd(95)))).toEqual([]);
    expect(rises(...again, stopped(3, usd(96)))).toEqual([{ environment: 'dev', from: usd(90), to: usd(96) }]);
  });

  test('a lower bound is nothing to count from: what comes to light later may be older', () => {
    expect(rises(stopped(0, usd(10), { atLeast: true }), stopped(1, usd(90)))).toEqual([]);
    expect(rises(stopped(0, null), stopped(1, usd(90)), stopped(2, usd(91)))).toEqual([]);
  });

  test('a dry run stops nobody', () => {
    const dry = { enforce: false, enforced: 'open' } as const;
    expect(rises(stopped(0, usd(10), dry), stopped(1, usd(90), dry))).toEqual([]);
  });

  test('a stop that goes on over the turn counts from the new month', () => {
    const december = (minute: number, spentNano: number) => stopped(minute, spentNano, { month: '2026-12' });
    const all = [stopped(0, usd(90)), december(1, 0), december(2, usd(5))];
    expect(stand(all, NOON, DECEMBER).rises).toEqual([]);
    expect(stand([...all, december(3, usd(6))], NOON, DECEMBER).rises).toHaveLength(1);
  });
});

test.each([
  ['listed', ONE, { isListed: true, isManagement: false, brake: 'needsApproval' }],
  ['never', NEVER, { isListed: true, brake: 'never' }],
  ['the management account, whatever the file says', MANAGEMENT, { isManagement: true, brake: 'never' }],
  ['unlisted, by the default limit and with approval', UNLISTED, { isListed: false, brake: 'needsApproval' }],
  ['a name of every object', 'constructor', { isListed: false, brake: 'needsApproval' }],
])('the terms of an account: %s', (_what, account, expected) => {
  expect(stand([], NOON, NOVEMBER, account)).toMatchObject({ limit: usd(100), line: usd(110), ...expected });
});

test('an unlisted account needs approval where all others are automatic', () => {
  const automatic = { ...ORGANIZATION, approval: 'automatic' } as const;
  expect(standOf(automatic, heard(UNLISTED), NOVEMBER, NOON).brake).toBe('needsApproval');
  expect(standOf(automatic, heard(ONE), NOVEMBER, NOON).brake).toBe('automatic');
});
