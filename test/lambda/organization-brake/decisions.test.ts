import { nanoUsd, usd } from '../../../core/money';
import { AUTOMATIC, MANAGEMENT, NEVER, ONE, ORGANIZATION, TWO, UNLISTED, under } from '../../helpers/organization';
import { OrganizationWorld } from '../../helpers/organization-world';

const LINE = usd(110);
const by = 'arn:aws:iam::000000000001:role/ops';

let world: OrganizationWorld;
beforeEach(() => void (world = new OrganizationWorld()));

describe('where the brake is wanted', () => {
  test.each([
    ['below the line', under(LINE), []],
    ['at the line', LINE, [AUTOMATIC]],
    ['above', nanoUsd(LINE + 1), [AUTOMATIC]],
  ])('%s', async (_what, spentNano, attached) => {
    await world.told(AUTOMATIC, { spentNano });
    expect([...world.policy.attached]).toEqual(attached);
  });

  test('a lower bound counts, and so does the sum of environments that are each below', async () => {
    await world.told(AUTOMATIC, { spentNano: usd(60), atLeast: true });
    expect(world.policy.attached.size).toBe(0);
    await world.told(AUTOMATIC, { environment: 'prod', spentNano: usd(50) });
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  });

  test('a stop whose spend goes on by more than 5% of the limit', async () => {
    await world.told(AUTOMATIC, { desired: 'stopped', spentNano: usd(50) });
    world.pass(1);
    await world.told(AUTOMATIC, { desired: 'stopped', spentNano: usd(55) });
    expect(world.policy.attached.size).toBe(0);
    world.pass(1);
    await world.told(AUTOMATIC, { desired: 'stopped', spentNano: usd(55) + 1 });
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
    expect(world.mail.sent.at(-1)?.body).toContain('the guard of dev has stopped it at $50.00');
  });

  test('unknown and silent never brake', async () => {
    await world.told(AUTOMATIC, { spentNano: null, asOf: null, blind: true });
    world.pass(60 * 24);
    await world.brake();
    expect(world.policy.changes).toEqual([]);
    expect(world.mail.sent).toEqual([]);
  });

  test.each([
    ['never', NEVER],
    ['the management account', MANAGEMENT],
  ])('not where the file or AWS says no: %s', async (_what, account) => {
    await world.told(account, { spentNano: usd(500) });
    await world.brake();
    expect(world.policy.changes).toEqual([]);
    expect(world.mail.sent).toEqual([]);
  });

  test('an unlisted account is judged by the default limit, and needs approval', async () => {
    world.organization = { ...ORGANIZATION, approval: 'automatic' };
    await world.told(UNLISTED, { spentNano: LINE });
    expect(world.policy.attached.size).toBe(0);
    expect(world.subjects()).toEqual([`[organization] ${UNLISTED}: its brake needs your approval`]);
  });
});

describe('approval', () => {
  const approve = (decision: string, account = ONE) => world.brake({ command: 'approve', account, decision, by });

  test('one mail asks, with what, why and the command; nothing is attached', async () => {
    await world.told(ONE, { spentNano: LINE });
    for (let at = 0; at < 3; at++) {
      world.pass(1);
      await world.told(ONE, { spentNano: usd(111 + at) });
      await world.brake();
    }
    expect(world.policy.changes).toEqual([]);
    expect(world.subjects()).toEqual([`[organization] ${ONE}: its brake needs your approval`]);
    const { body } = world.mail.sent[0]!;
    expect(body).toContain(`npx spend-guard organization approve ${ONE} --decision 2026-11.1`);
    expect(body).toContain("$110.00 is spent this month, and the brake's line is $110.00 at a limit of $100.00");
  });

  test('the one that was asked for attaches, mails, and does so once', async () => {
    await world.told(ONE, { spentNano: LINE });
    const answer = { kind: 'ordered', account: ONE, brake: 'attached', troubles: [] };
    expect(await approve('2026-11.1')).toMatchObject(answer);
    expect(await approve('2026-11.1')).toMatchObject(answer);
    await world.brake();
    expect(world.policy.changes).toEqual([{ did: 'attach', account: ONE }]);
    expect(world.subjects().slice(1)).toEqual([`[organization] ${ONE}: the brake is attached`]);
  });

  test.each([
    ['of another decision', '2026-11.2'],
    ['of another month', '2026-10.1'],
    ['by a part of its name', '2026-11.'],
  ])('%s is refused', async (_what, decision) => {
    await world.told(ONE, { spentNano: LINE });
    expect(await approve(decision)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('2026-11.1 waits'),
    });
    expect(world.policy.changes).toEqual([]);
  });

  test('where none waits it is refused', async () => {
    await world.told(ONE);
    expect(await approve('2026-11.1')).toMatchObject({ kind: 'refused', why: expect.stringContaining('no decision') });
  });

  test('stale once its month is over, though nothing has run since', async () => {
    await world.told(ONE, { spentNano: LINE });
    world.now = Date.parse('2026-12-01T00:00:00Z');
    expect(await approve('2026-11.1')).toMatchObject({ kind: 'refused' });
    expect(world.policy.changes).toEqual([]);
  });

  test('stale after somebody said that the account goes on, also where it is wanted again later', async () => {
    await world.told(ONE, { spentNano: LINE });
    const until = new Date(world.now + 60_000 * 60).toISOString();
    await world.brake({ command: 'lift', account: ONE, by, reason: 'launch', until });
    expect(await approve('2026-11.1')).toMatchObject({ kind: 'refused' });
    world.pass(60);
    await world.brake();
    expect(world.decision(ONE)).toBe('2026-11.2');
    expect(await approve('2026-11.1')).toMatchObject({ kind: 'refused' });
    expect(await approve('2026-11.2')).toMatchObject({ kind: 'ordered', brake: 'attached' });
  });

  test('is of one account', async () => {
    await world.told(ONE, { spentNano: LINE });
    await world.told(TWO, { spentNano: LINE });
    await approve('2026-11.1', TWO);
    expect([...world.policy.attached]).toEqual([TWO]);
  });
});

describe('the end of a brake', () => {
  const REACHED = { spentNano: LINE };

  test('at the new UTC month, and not a millisecond before', async () => {
    await world.told(AUTOMATIC, REACHED);
    world.now = Date.parse('2026-12-01T00:00:00Z') - 1;
    await world.brake();
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
    world.now += 1;
    // What the run has just detached itself is nobody else's.
    expect(await world.brake()).toMatchObject({ troubles: [] });
    expect(world.state.lookedAt?.foreign).toEqual([]);
    expect([...world.policy.attached]).toEqual([]);
    expect(world.subjects().at(-1)).toBe(`[organization] ${AUTOMATIC}: the brake is detached`);
    expect(world.mail.sent.at(-1)?.body).toContain('it was of 2026-11');
  });

  test('by a raised line above the spend; a raise that is too small does not', async () => {
    await world.told(AUTOMATIC, REACHED);
    const limited = (limit: number) => ({
      ...ORGANIZATION,
      accounts: { ...ORGANIZATION.accounts, [AUTOMATIC]: { limit: usd(limit), brake: 'automatic' as const } },
    });
    world.organization = limited(99);
    await world.brake();
    expect(world.policy.attached.size).toBe(1);
    world.organization = limited(101);
    await world.brake();
    expect(world.policy.attached.size).toBe(0);
  });

  test('not by a spend that is unknown, silent, or told as less', async () => {
    await world.told(AUTOMATIC, REACHED);
    world.pass(1);
    await world.told(AUTOMATIC, { spentNano: null, asOf: null });
    world.pass(1);
    await world.told(AUTOMATIC, { spentNano: usd(1) });
    world.pass(60 * 24);
    await world.brake();
    world.state.standings.clear();
    await world.brake();
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  });

  test('by an order, until its time, and then it is wanted anew', async () => {
    await world.told(AUTOMATIC, REACHED);
    const until = new Date(world.now + 30 * 60_000).toISOString();
    const answer = await world.brake({ command: 'lift', account: AUTOMATIC, by, reason: 'launch', until });
    expect(answer).toEqual({ kind: 'ordered', account: AUTOMATIC, brake: 'none', until, troubles: [] });
    expect(world.mail.sent.at(-1)?.body).toContain(`${by}: launch`);
    world.pass(29);
    await world.told(AUTOMATIC, { spentNano: usd(500) });
    expect(world.policy.attached.size).toBe(0);
    world.pass(1);
    await world.brake();
    expect(world.policy.changes.map(({ did }) => did)).toEqual(['attach', 'detach', 'attach']);
    expect(world.decision(AUTOMATIC)).toBe('2026-11.2');
  });

  test('by an order without a time, for the rest of the month', async () => {
    await world.told(AUTOMATIC, REACHED);
    const lift = { command: 'lift', account: AUTOMATIC, by, reason: 'launch' };
    expect(await world.brake(lift)).toMatchObject({ until: '2026-12-01T00:00:00.000Z' });
    world.now = Date.parse('2026-11-30T23:59:59Z');
    await world.told(AUTOMATIC, { spentNano: usd(500) });
    expect(world.policy.attached.size).toBe(0);
    world.pass(1);
    await world.told(AUTOMATIC, { month: '2026-12', spentNano: usd(500) });
    expect(world.policy.attached.size).toBe(1);
  });

  test("where the file says 'never' from now on", async () => {
    await world.told(AUTOMATIC, REACHED);
    const accounts = { ...ORGANIZATION.accounts, [AUTOMATIC]: { limit: usd(100), brake: 'never' as const } };
    world.organization = { ...ORGANIZATION, accounts };
    await world.brake();
    expect(world.policy.attached.size).toBe(0);
  });

  test('not where the file asks for approval from now on: what is attached stays', async () => {
    await world.told(AUTOMATIC, REACHED);
    const accounts = { ...ORGANIZATION.accounts, [AUTOMATIC]: { limit: usd(100) } };
    world.organization = { ...ORGANIZATION, accounts };
    await world.brake();
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  });
});

describe('orders', () => {
  test('a stop attaches at once, over the month, until somebody ends it', async () => {
    await world.told(ONE);
    const stop = { command: 'stop', account: ONE, by, reason: 'stolen key' };
    expect(await world.brake(stop)).toMatchObject({ kind: 'ordered', brake: 'attached', reason: 'stolen key' });
    expect(await world.brake(stop)).toMatchObject({ kind: 'ordered', brake: 'attached' });
    world.now = Date.parse('2027-02-01T00:00:00Z');
    await world.brake();
    expect(world.policy.changes).toEqual([{ did: 'attach', account: ONE }]);
    expect(world.mail.sent[0]?.body).toContain(`Ordered by ${by}.`);
    await world.brake({ command: 'lift', account: ONE, by, reason: 'rotated' });
    expect(world.policy.attached.size).toBe(0);
  });

  test('a stop ends an override', async () => {
    await world.brake({ command: 'lift', account: ONE, by, reason: 'launch' });
    await world.brake({ command: 'stop', account: ONE, by, reason: 'leak' });
    expect([...world.policy.attached]).toEqual([ONE]);
  });

  test.each([
    [MANAGEMENT, 'management account'],
    [NEVER, "brake: 'never'"],
    [UNLISTED, 'neither in the limits file nor ever heard of'],
  ])('a stop of %s is refused: %s', async (account, why) => {
    const answer = await world.brake({ command: 'stop', account, by, reason: 'leak' });
    expect(answer).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) });
    expect(world.state.brakes.size).toBe(0);
    expect(world.policy.changes).toEqual([]);
  });

  test.each([
    [{ command: 'lift', account: ONE, by: ' ', reason: 'launch' }, 'by:'],
    [{ command: 'stop', account: ONE, by, reason: ' ' }, 'reason:'],
    [{ command: 'lift', account: ONE, by, reason: 'x', until: '2026-11-12T12:00:00Z' }, 'until:'],
  ])('%j is refused: %s', async (order, why) => {
    expect(await world.brake(order)).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) });
  });

  test('who ordered what stands in the history, which is bounded', async () => {
    for (let at = 0; at < 40; at++) {
      await world.brake({ command: 'stop', account: ONE, by, reason: `leak ${at}` });
    }
    const { history } = world.state.brakes.get(ONE)!;
    expect(history).toHaveLength(30);
    expect(history.at(-1)).toEqual({ at: world.now, by, text: 'decision 2026-11.40, ordered: leak 39' });
  });
});
