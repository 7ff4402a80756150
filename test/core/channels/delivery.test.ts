import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import { accept, begin, type Delivery, GRACE_MS, KEPT_MS, ownFact, settle } from '../../../core/channels/delivery';
import { CLAIM_MS } from '../../../core/channels/attempt';
import type { Outcome } from '../../../core/channels/outcome';
import type { Channel } from '../../../core/channels/types';
import type { Notice } from '../../../core/notice';
import { CHANNELS, NOON, noticeOf } from '../../helpers/channels-world';

const HOOK = CHANNELS.find(({ name }) => name === 'hook')!;
const PAGER = CHANNELS.find(({ name }) => name === 'pager')!;
const firing = noticeOf();
const resolved = noticeOf({ status: 'resolved', at: NOON + MINUTE_MS });

function taken(
  notices: readonly Notice[],
  { channel = HOOK, before = undefined as Delivery | undefined, now = NOON } = {},
) {
  return notices.reduce<Delivery | undefined>((delivery, notice) => {
    const accepted = accept(delivery, channel, notice, now);
    return accepted.kind === 'accepted' ? accepted.delivery : delivery;
  }, before)!;
}

function begun(delivery: Delivery, now = NOON, channel: Channel = HOOK) {
  const next = begin(delivery, channel, now);
  if (next.kind !== 'begun') throw new Error(`${next.kind}, and not begun`);
  return next;
}

function ended(delivery: Delivery, outcome: Outcome, now = NOON): Delivery {
  const { delivery: under, attempt } = begun(delivery, now);
  return settle(under, attempt.id, outcome, now)!;
}

const DELIVERED: Outcome = { kind: 'delivered' };
const told = ended(taken([firing]), DELIVERED);

describe('what is taken in', () => {
  test.each<[string, Delivery | undefined, Channel, Notice, string]>([
    ['something new', undefined, HOOK, firing, 'accepted'],
    ['the same key again, waiting', taken([firing]), HOOK, firing, 'known'],
    ['the same key again, told', told, HOOK, firing, 'known'],
    ['a later state', told, HOOK, resolved, 'accepted'],
    ['the same time, another key', told, HOOK, { ...firing, key: 'other' }, 'accepted'],
    ['a state a moment before the one that was told', told, HOOK, noticeOf({ at: NOON - 1 }), 'late'],
    ['what stands for itself is never late', told, HOOK, noticeOf({ status: 'once', at: NOON - DAY_MS }), 'accepted'],
    ['nothing urgent, for a pager', undefined, PAGER, noticeOf({ urgency: 'info' }), 'unwanted'],
    ['a warning, for a pager', undefined, PAGER, noticeOf({ urgency: 'warning' }), 'accepted'],
    ['an end, for a pager: its beginning may come', undefined, PAGER, resolved, 'accepted'],
    ['that it cannot be told itself', undefined, HOOK, noticeOf({ fact: ownFact('hook') }), 'unwanted'],
    ['that another cannot be told', undefined, HOOK, noticeOf({ fact: ownFact('pager') }), 'accepted'],
  ])('%s', (_what, before, channel, notice, kind) => {
    expect(accept(before, channel, notice, NOON).kind).toBe(kind);
  });

  test('a pager that is told everything is told no report: nobody can act on one', () => {
    const everything = { ...PAGER, tells: 'everything' as const };
    expect(accept(undefined, everything, noticeOf({ status: 'once', urgency: 'info' }), NOON).kind).toBe('unwanted');
    expect(accept(undefined, everything, noticeOf({ urgency: 'info' }), NOON).kind).toBe('accepted');
  });

  test('an end that was told while what it ends was under way: the later state stands', () => {
    const { delivery } = begun(taken([resolved, firing]));
    expect(accept(delivery, HOOK, noticeOf({ at: NOON + 1, key: 'between' }), NOON).kind).toBe('late');
  });

  test('of many that wait the first ones are told together, and none is dropped without a word', () => {
    const many = Array.from({ length: 30 }, (_, n) =>
      noticeOf({ status: 'once', key: `k${n}`, title: `title ${n}`, at: NOON + n }),
    );
    const { waiting } = taken(many);
    expect(waiting.length).toBeLessThanOrEqual(8);
    const said = JSON.stringify(waiting);
    for (const { title } of many.slice(-15)) expect(said).toContain(`${title}"`);
    expect(JSON.stringify(waiting).length).toBeLessThan(100_000);
  });

  test('of many states that wait the last one stands, and an urgent one among them is told to whom is told urgent ones', () => {
    const turns = Array.from({ length: 30 }, (_, n) =>
      noticeOf({
        status: n % 2 === 0 ? 'firing' : 'resolved',
        key: `k${n}`,
        at: NOON + n,
        urgency: n === 0 ? 'critical' : 'info',
      }),
    );
    const { attempt } = begun(taken(turns, { channel: PAGER }), NOON + GRACE_MS, PAGER);
    expect(attempt.notice).toMatchObject({ status: 'resolved', at: NOON + 29 });
  });
});

describe('what is sent next', () => {
  test('a claim holds until it runs out; what then follows may come twice', () => {
    const { delivery } = begun(taken([firing]));
    expect(begin(delivery, HOOK, NOON + CLAIM_MS - 1).kind).toBe('nothing');
    expect(begun(delivery, NOON + CLAIM_MS).attempt).toMatchObject({ isDoubtful: true, tries: 2 });
  });

  test('a claim by a clock that ran ahead holds nobody up', () => {
    const { delivery } = begun(taken([firing]), NOON + DAY_MS);
    expect(begun(delivery, NOON).attempt.isDoubtful).toBe(true);
  });

  test.each<[string, Outcome, boolean]>([
    ['not reached', { kind: 'later', why: '' }, false],
    ['refused', { kind: 'refused', of: 'channel', code: 'revoked', why: '' }, false],
    ['not answered', { kind: 'doubtful', why: '' }, true],
  ])('%s: a later state takes its place, unless it may have come through', (_what, outcome, isDoubtful) => {
    const after = taken([resolved], { before: ended(taken([firing]), outcome) });
    const { attempt, delivery } = begun(after);
    expect(attempt.isDoubtful).toBe(isDoubtful);
    expect(attempt.notice.status).toBe(isDoubtful ? 'firing' : 'resolved');
    expect(delivery.waiting).toHaveLength(isDoubtful ? 1 : 0);
  });

  test('who is not the sender any more changes nothing', () => {
    const first = begun(taken([firing]));
    const second = begun(first.delivery, NOON + CLAIM_MS);
    expect(settle(second.delivery, first.attempt.id, DELIVERED, NOON)).toBeUndefined();
    expect(settle(second.delivery, second.attempt.id, DELIVERED, NOON)!.current).toBeUndefined();
  });

  test('an end of what was never told waits for ten minutes, and whom it is nothing to is not told it', () => {
    const alone = taken([resolved]);
    expect(begin(alone, HOOK, NOON + GRACE_MS - 1).kind).toBe('nothing');
    expect(begun(alone, NOON + GRACE_MS).attempt.notice).toEqual(resolved);
    const quiet = taken([resolved], { channel: PAGER });
    expect(begin(quiet, PAGER, NOON + DAY_MS - 1).kind).toBe('nothing');
    const dropped = begin(quiet, PAGER, NOON + DAY_MS);
    expect(dropped).toMatchObject({ kind: 'changed', delivery: { waiting: [] }, givenUp: [] });
  });

  test('an alarm that goes to OK as it is made is no news; the end of one that was told is', () => {
    const alarm = { ...resolved, source: 'alarm' as const };
    const made = taken([alarm]);
    expect(begin(made, HOOK, NOON + GRACE_MS).kind).toBe('nothing');
    expect(begin(made, HOOK, NOON + DAY_MS)).toMatchObject({ kind: 'changed', delivery: { waiting: [] }, givenUp: [] });
    expect(begun(taken([alarm], { before: told })).attempt.notice).toEqual(alarm);
  });

  test('an end of what was told goes at once, by the words of its own', () => {
    expect(begun(taken([resolved], { before: told })).attempt.notice).toEqual(resolved);
  });

  test('what was refused as it is written is tried again after an hour, and no later state waits for that', () => {
    const refused = ended(taken([firing]), { kind: 'refused', of: 'message', code: 'messageRefused', why: '' });
    expect(begin(refused, HOOK, NOON + 60 * MINUTE_MS - 1).kind).toBe('nothing');
    expect(begun(refused, NOON + 60 * MINUTE_MS).attempt).toMatchObject({ isRefused: true, tries: 2 });
    expect(begun(taken([resolved], { before: refused })).attempt).toMatchObject({ isRefused: false, tries: 1 });
  });

  test('two weeks are the most that anything waits', () => {
    const waits = taken([firing]);
    expect(begin(waits, HOOK, NOON + KEPT_MS - 1).kind).toBe('begun');
    const gone = begin(waits, HOOK, NOON + KEPT_MS);
    expect(gone).toMatchObject({ kind: 'changed', delivery: { waiting: [] } });
    expect(gone.kind === 'changed' && gone.givenUp.map(({ key }) => key)).toEqual([firing.key]);
  });

  test('the message of an episode is kept until it is over, and no longer', () => {
    const first = ended(taken([firing]), { kind: 'delivered', ref: 'ts-1' });
    const where = { title: firing.title, place: 'slackWebhook ssm /hook' };
    expect(first.told).toEqual({ status: 'firing', at: NOON, ref: 'ts-1', ...where });
    const update = ended(taken([noticeOf({ at: NOON + 1 })], { before: first }), DELIVERED);
    expect(update.told?.ref).toBe('ts-1');
    const over = ended(taken([resolved], { before: update }), { kind: 'delivered', ref: 'ts-1' });
    const again = ended(taken([noticeOf({ at: NOON + DAY_MS })], { before: over }), DELIVERED);
    expect(again.told).toEqual({ status: 'firing', at: NOON + DAY_MS, ...where });
  });
});
