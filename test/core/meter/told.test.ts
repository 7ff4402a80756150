import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import type { AlarmDescription } from '../../../core/meter/ports';
import {
  ACTIVITY_ALARM,
  afterLook,
  alarmDifferences,
  newTrouble,
  toldPlan,
  type LookInput,
  type ToldInput,
  type ToldState,
} from '../../../core/meter/told';

const NOW = Date.parse('2026-11-10T12:00:00Z');
const MIN = MINUTE_MS;
const SECOND = 1000;

const trusted = (lookedAgo: number, more: Partial<ToldState> = {}): ToldState => ({
  lookedAt: NOW - lookedAgo,
  trusted: true,
  looks: 1,
  ...more,
});
const plan = (over: Partial<ToldInput> = {}) =>
  toldPlan({
    now: NOW,
    before: trusted(5 * MIN),
    gate: { everShowedData: true, lastActivityAt: NOW - DAY_MS },
    markedAt: NOW - DAY_MS,
    ...over,
  });

describe('whether a tick asks the gate', () => {
  test('not while alarm and gate were found at rest, and no event has come', () => {
    expect(plan()).toEqual({ ask: false, look: false, why: 'told' });
    expect(plan({ markedAt: undefined }).ask).toBe(false);
  });

  test('trap 37: a gate that has never shown data is none, and neither is an alarm on it', () => {
    expect(plan({ gate: { everShowedData: false } })).toEqual({ ask: true, look: false, why: 'noGate' });
  });

  test.each([
    ['lately', 11 * MIN - 1, 'active'],
    ['a minute more than the alarm looks back', 11 * MIN, 'told'],
    ['ahead of a clock that was set back', -MIN, 'active'],
  ])('it does after calls: %s', (_what, ago, why) => {
    expect(plan({ gate: { everShowedData: true, lastActivityAt: NOW - ago } })).toEqual({
      ask: why === 'active',
      look: false,
      why,
    });
  });

  test.each([
    ['lately', 5 * MIN - 1, 'active'],
    ['five minutes ago', 5 * MIN, 'told'],
    ['ahead of a clock that was set back', -MIN, 'active'],
  ])('it does after an event: %s', (_what, ago, why) => {
    expect(plan({ markedAt: NOW - ago }).why).toBe(why);
  });

  test.each([
    ['earlier than a tick that comes early', 15 * MIN - 20 * SECOND - 1, false],
    ['with one that comes early', 15 * MIN - 20 * SECOND, true],
    ['at a quarter of an hour', 15 * MIN, true],
    ['after missed ticks', 3 * 60 * MIN, true],
    ['after a look that a clock made that ran ahead', -20 * SECOND - 1, true],
    ['but not for jitter', -20 * SECOND, false],
  ])('it looks at both at least each quarter of an hour: %s', (_what, ago, look) => {
    expect(plan({ before: trusted(ago) })).toEqual(
      look ? { ask: true, look: true, why: 'look' } : { ask: false, look: false, why: 'told' },
    );
  });

  test('it looks where it has never looked', () => {
    expect(plan({ before: undefined })).toEqual({ ask: true, look: true, why: 'look' });
  });

  test.each<[string, Partial<ToldState>]>([
    ['something is wrong with the alarm', { trouble: { kind: 'missing' } }],
    ['an event was lost', { lostAt: NOW - DAY_MS + 1 }],
  ])('it asks each minute where %s, and looks again as often', (_what, more) => {
    const before = (ago: number) => trusted(ago, { trusted: false, ...more });
    expect(plan({ before: before(5 * MIN) })).toEqual({ ask: true, look: false, why: 'distrust' });
    expect(plan({ before: before(15 * MIN) }).look).toBe(true);
  });

  test.each([
    ['within a minute', 40 * SECOND - 1, false],
    ['with a tick that comes early', 40 * SECOND, true],
    ['after a minute', MIN, true],
  ])('an alarm that is not at rest yet is looked at again %s', (_what, ago, look) => {
    expect(plan({ before: trusted(ago, { trusted: false }) })).toEqual(
      look ? { ask: true, look: true, why: 'look' } : { ask: true, look: false, why: 'distrust' },
    );
    expect(plan({ before: trusted(ago, { trusted: false, lostAt: NOW - DAY_MS }) }).look).toBe(look);
  });
});

const ALARM: AlarmDescription = { ...ACTIVITY_ALARM, state: 'OK', changedAt: NOW - DAY_MS };
const look = (over: Partial<LookInput> = {}) =>
  afterLook({
    now: NOW,
    before: trusted(15 * MIN),
    gate: { everShowedData: true, lastActivityAt: NOW - DAY_MS },
    markedAt: NOW - DAY_MS,
    alarm: ALARM,
    seen: undefined,
    ...over,
  });

describe('what a look finds', () => {
  test('an alarm as deployed and at rest, and a gate that agrees: it is relied on', () => {
    expect(look()).toEqual({ lookedAt: NOW, trusted: true, looks: 1 });
    expect(look({ before: undefined }).trusted).toBe(true);
    const { changedAt: _, ...unsaid } = ALARM;
    expect(look({ alarm: unsaid }).trusted).toBe(true);
  });

  test.each<[string, Partial<LookInput>, object | undefined]>([
    ['deleted', { alarm: undefined }, { kind: 'missing' }],
    ['not evaluated', { alarm: { ...ALARM, state: 'INSUFFICIENT_DATA' } }, { kind: 'undecided' }],
    ['refused', { alarm: { unreadable: 'AccessDenied' } }, { kind: 'unreadable', text: 'AccessDenied' }],
    [
      'edited',
      { alarm: { ...ALARM, threshold: 1000, dimensions: { ModelId: 'x' } } },
      { kind: 'edited', text: 'dimensions is {"ModelId":"x"}, not {}; threshold is 1000, not 1' },
    ],
    ['in ALARM, which is no trouble', { alarm: { ...ALARM, state: 'ALARM' } }, undefined],
    ['at rest while there are calls', { seen: NOW - 10 * MIN }, undefined],
    ['at rest, and the gate cannot be read', { seen: 'failed' }, undefined],
  ])('%s: it is not relied on', (_what, over, trouble) => {
    const found = look(over);
    expect(found.trusted).toBe(false);
    expect(found.trouble).toEqual(trouble);
  });

  test('calls of a quarter of an hour ago are over', () => {
    expect(look({ seen: NOW - 15 * MIN, gate: { everShowedData: true, lastActivityAt: NOW - 15 * MIN } }).trusted).toBe(
      true,
    );
  });

  test.each(Object.keys(ACTIVITY_ALARM))('%s: an alarm with another is not the one deployed', (name) => {
    expect(alarmDifferences({ ...ALARM, [name]: 'other' })).toHaveLength(1);
    const { [name as keyof typeof ALARM]: _, ...without } = ALARM;
    expect(alarmDifferences(without as AlarmDescription)).toEqual([expect.stringContaining(`${name} is not set`)]);
  });

  test('what does not matter to its events is no difference', () => {
    expect(alarmDifferences({ ...ALARM, state: 'ALARM', changedAt: 1 })).toEqual([]);
  });
});

describe('an event that did not come', () => {
  const changed = (ago: number, state: AlarmDescription['state'] = 'ALARM') => ({
    ...ALARM,
    state,
    changedAt: NOW - ago,
  });

  test.each([
    ['just now', 2 * MIN - 1, false],
    ['two minutes ago', 2 * MIN, true],
    ['just after the last look', 15 * MIN - 1, true],
    ['at the last look', 15 * MIN, false],
  ])('the alarm has changed %s, and nothing was told since', (_what, ago, isLost) => {
    expect(look({ alarm: changed(ago) }).trouble?.kind).toBe(isLost ? 'lost' : undefined);
    expect(look({ alarm: changed(ago) }).lostAt).toBe(isLost ? NOW : undefined);
    expect(look({ alarm: changed(ago, 'INSUFFICIENT_DATA') }).lostAt).toBeUndefined();
    // It may be at rest again.
    expect(look({ alarm: changed(ago, 'OK') }).trouble?.kind).toBe(isLost ? 'lost' : undefined);
  });

  test.each([
    ['since the last look', 15 * MIN, false],
    ['before it', 15 * MIN + 1, true],
  ])('told %s', (_what, ago, isLost) => {
    expect(look({ alarm: changed(5 * MIN), markedAt: NOW - ago }).trouble !== undefined).toBe(isLost);
  });

  test.each([
    ['within the window of the alarm', 10 * MIN, false],
    ['older than it', 10 * MIN + 1, true],
  ])('calls %s of which the alarm knows nothing', (_what, ago, isLost) => {
    expect(look({ seen: NOW - ago }).trouble?.kind).toBe(isLost ? 'lost' : undefined);
  });

  test('calls that were known before are no news', () => {
    const gate = { everShowedData: true, lastActivityAt: NOW - 16 * MIN };
    expect(look({ seen: NOW - 16 * MIN, gate }).trouble).toBeUndefined();
  });

  test('whoever asked each minute has lost nothing', () => {
    expect(look({ before: trusted(15 * MIN, { trusted: false }), alarm: changed(5 * MIN) }).trouble).toBeUndefined();
    expect(look({ before: undefined, alarm: changed(5 * MIN) }).trouble).toBeUndefined();
  });

  test.each([
    ['a minute less than a day', DAY_MS - MIN, false],
    ['a day', DAY_MS, true],
  ])('after it the alarm is not relied on for a day: %s', (_what, ago, isTrusted) => {
    const found = look({ before: trusted(15 * MIN, { trusted: false, lostAt: NOW - ago }) });
    expect(found.trusted).toBe(isTrusted);
    expect(found.lostAt).toBe(NOW - ago);
  });

  test('an alarm that is gone says no more of events', () => {
    expect(look({ alarm: undefined, seen: NOW - 12 * MIN })).toMatchObject({
      trouble: { kind: 'missing' },
      lostAt: NOW,
    });
  });
});

describe('what people are told', () => {
  const found = (kind: 'missing' | 'undecided', looks: number, at = NOW): ToldState => ({
    lookedAt: at,
    trusted: false,
    trouble: { kind },
    looks,
  });

  test('what is certain with the first look, what may pass with the second, and each once', () => {
    expect(newTrouble(trusted(15 * MIN), found('missing', 1))).toEqual({ kind: 'missing' });
    expect(newTrouble(found('missing', 1, 0), found('missing', 2))).toBeUndefined();
    expect(newTrouble(trusted(15 * MIN), found('undecided', 1))).toBeUndefined();
    expect(newTrouble(found('undecided', 1, 0), found('undecided', 2))).toEqual({ kind: 'undecided' });
    expect(newTrouble(found('undecided', 2, 0), found('undecided', 3))).toBeUndefined();
  });

  test('a tick that does not look has no news', () => {
    expect(newTrouble(found('missing', 1), found('missing', 1))).toBeUndefined();
    expect(newTrouble(undefined, undefined)).toBeUndefined();
    expect(newTrouble(undefined, trusted(0))).toBeUndefined();
  });

  test('looks count while the trouble is the same', () => {
    const once = look({ alarm: undefined });
    expect(once.looks).toBe(1);
    const twice = look({ before: once, alarm: undefined });
    expect(twice.looks).toBe(2);
    expect(look({ before: twice, alarm: { unreadable: 'Throttling' } }).looks).toBe(1);
    expect(look({ before: twice }).looks).toBe(1);
  });
});
