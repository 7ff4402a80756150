import { GuardError } from '../../../core/errors';
import { usd } from '../../../core/money';
import { throttled } from '../../contracts/throttled';
import { AUTOMATIC, ONE, standing, TWO, UNLISTED } from '../../helpers/organization';
import { OrganizationWorld } from '../../helpers/organization-world';
import { MOST_ENVIRONMENTS } from '../../../lambda/organization-roll-up/handler';

let world: OrganizationWorld;
beforeEach(() => void (world = new OrganizationWorld()));

const envelope = (over: Readonly<Record<string, unknown>>) => ({
  source: 'spend-guard',
  'detail-type': 'Spend Guard Standing',
  account: ONE,
  detail: standing(),
  ...over,
});
const kept = (account = ONE) => [...world.state.standings.values()].filter((one) => one.account === account);

describe('what is kept', () => {
  test('a standing, of the account that EventBridge names and of no other', async () => {
    const detail = { ...standing(), account: TWO };
    expect(await world.rollUp(envelope({ detail }))).toMatchObject({ kind: 'kept', account: ONE, environment: 'dev' });
    expect(kept()).toMatchObject([{ standing: standing(), heardAt: world.now }]);
    expect(kept(TWO)).toEqual([]);
  });

  test('of an account that the file does not list, too', async () => {
    await world.hear(UNLISTED);
    expect(kept(UNLISTED)).toHaveLength(1);
  });

  test('twice and late change nothing', async () => {
    await world.hear(ONE, { spentNano: usd(20) });
    const at = new Date(world.now - 1).toISOString();
    expect(await world.hear(ONE, { at, spentNano: usd(99) })).toMatchObject({ kind: 'known' });
    expect(await world.hear(ONE, { spentNano: usd(98) })).toMatchObject({ kind: 'known' });
    expect(kept()).toMatchObject([{ standing: { spentNano: usd(20) } }]);
  });

  test('of two that are handled at once the later is kept, in either order', async () => {
    const later = { at: new Date(world.now + 1).toISOString(), spentNano: usd(30) };
    await Promise.all([world.hear(ONE), world.hear(ONE, later)]);
    expect(kept()).toMatchObject([{ standing: later }]);
    await Promise.all([world.hear(TWO, later), world.hear(TWO)]);
    expect(kept(TWO)).toMatchObject([{ standing: later }]);
  });

  test('a run that is always overtaken fails, so that Lambda tries again', async () => {
    world.state.saveStanding = async () => {
      throw new GuardError('STATE_CONFLICT', 'faster');
    };
    await expect(world.hear(ONE)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  });

  test('a table that does not answer fails the run', async () => {
    world.state.failure = throttled();
    await expect(world.hear(ONE)).rejects.toMatchObject({ refusal: 'throttled' });
  });
});

test('an account has so many environments, and one more is rejected: the organisation is told of all others', async () => {
  for (let number = 1; number <= MOST_ENVIRONMENTS; number++) {
    expect(await world.hear(ONE, { environment: `e${number}` })).toMatchObject({ kind: 'kept' });
  }
  expect(await world.hear(ONE, { environment: 'another' })).toMatchObject({
    kind: 'rejected',
    why: `it has ${MOST_ENVIRONMENTS} environments already, and another is another`,
  });
  expect(world.metrics.latest('Findings')).toBe(1);
  world.pass(1);
  expect(await world.hear(ONE, { environment: 'e7' })).toMatchObject({ kind: 'kept' });
  expect(await world.hear(TWO, { environment: 'another' })).toMatchObject({ kind: 'kept' });
});

describe('what is rejected, named, and not tried again', () => {
  test.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['another version', { schemaVersion: 2 }, 'schemaVersion'],
    ['a month that is none', { month: '2026-13' }, 'month'],
    ['a month that is not that of its time', { month: '2031-01' }, 'month'],
    ['a time that is none', { at: '2026-11-31T25:00:00Z' }, 'at'],
    ['a time of another zone', { at: '2026-11-12T12:00:00+01:00' }, 'at'],
    ['an amount in dollars', { spentNano: 1.5 }, 'spentNano'],
    ['an amount below zero', { spentNano: -1 }, 'spentNano'],
    ['no amount, which is not unknown', { spentNano: undefined }, 'spentNano'],
    ['a state that nobody knows', { desired: 'closed' }, 'desired'],
    ['a name that could be another key', { environment: 'dev#prod' }, 'environment'],
    ['a text without end', { reason: 'x'.repeat(1_001) }, 'reason'],
  ])('%s', async (_what, over, field) => {
    const answer = await world.rollUp(envelope({ detail: { ...standing(), ...over } }));
    expect(answer).toMatchObject({ kind: 'rejected', account: ONE, why: expect.stringContaining(field) });
    expect(world.state.standings.size).toBe(0);
    expect(world.metrics.latest('Findings')).toBe(1);
  });

  test.each([
    [5 * 60_000, 'kept'],
    [5 * 60_000 + 1, 'rejected'],
  ])('a clock that is %i ms ahead: %s, or it would outlive every true standing', async (ms, kind) => {
    expect(await world.hear(ONE, { at: new Date(world.now + ms).toISOString() })).toMatchObject({ kind });
  });

  test('further fields of a later release do no harm', async () => {
    expect(await world.rollUp(envelope({ detail: { ...standing(), tomorrow: 1 } }))).toMatchObject({ kind: 'kept' });
  });
});

test('a decision is a record: nothing is kept and nobody is asked', async () => {
  const event = envelope({ 'detail-type': 'Spend Guard Decision', detail: { desired: 'stopped' } });
  expect(await world.rollUp(event)).toEqual({ kind: 'decision', account: ONE });
  expect(world.state.standings.size).toBe(0);
  expect(world.asked).toEqual([]);
});

test.each([
  [null],
  [{}],
  [envelope({ source: 'aws.ec2' })],
  [envelope({ 'detail-type': 'Another' })],
  [envelope({ account: undefined })],
  [envelope({ account: '12345' })],
])('%j is no event of a guard: the rule that passes it on is wrong', async (event) => {
  await expect(world.rollUp(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
});

describe('the brake is asked', () => {
  test('where it has something to do, and not else', async () => {
    await world.hear(AUTOMATIC, { spentNano: usd(109) });
    expect(world.asked).toEqual([]);
    world.pass(1);
    await world.hear(AUTOMATIC, { spentNano: usd(110) });
    expect(world.asked).toEqual([AUTOMATIC]);
    await world.wake();
    world.pass(1);
    await world.hear(AUTOMATIC, { spentNano: usd(120) });
    expect(world.asked).toEqual([]);
  });

  test('again by the event that comes again, where the run died before it asked', async () => {
    world.call.failure = throttled();
    await expect(world.hear(AUTOMATIC, { spentNano: usd(110) })).rejects.toMatchObject({ refusal: 'throttled' });
    world.call.failure = undefined;
    expect(await world.hear(AUTOMATIC, { spentNano: usd(110) })).toMatchObject({ kind: 'known', braked: true });
    expect(world.asked).toEqual([AUTOMATIC]);
  });

  test('not while a decision waits for a person', async () => {
    await world.told(ONE, { spentNano: usd(110) });
    world.pass(1);
    await world.hear(ONE, { spentNano: usd(111) });
    expect(world.asked).toEqual([]);
  });

  test('by the first event of a new month, to detach', async () => {
    await world.told(AUTOMATIC, { spentNano: usd(110) });
    world.now = Date.parse('2026-12-01T00:00:30Z');
    await world.told(AUTOMATIC, { month: '2026-12', spentNano: 0 });
    expect(world.policy.attached.size).toBe(0);
  });
});
