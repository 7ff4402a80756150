import fc from 'fast-check';
import { MINUTE_MS, monthStart, nextMonth, type UtcMonth, utcMonth } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import type { Standing } from '../../../core/organization/standing';
import { Crash, CrashPlan } from '../../helpers/crashing';
import { AUTOMATIC, MANAGEMENT, NEVER, NOON, ONE, standing } from '../../helpers/organization';
import { OrganizationWorld } from '../../helpers/organization-world';

const LINE = usd(110);
const ACCOUNTS = [ONE, AUTOMATIC, NEVER, MANAGEMENT] as const;
const RUNS = Number(process.env['FAULT_RUNS'] ?? 150);
const by = 'ops';

/** The hub, which may die at each of its writes; what Lambda delivers again is delivered by the story. */
class FaultyWorld extends OrganizationWorld {
  readonly plan = new CrashPlan();
  /** The most that was delivered of an account in a month. */
  readonly delivered = new Map<string, number>();

  /** What the list still says; undefined: it is not late. */
  listed: readonly string[] | undefined;

  constructor() {
    super();
    const targets = this.policy.targets.bind(this.policy);
    this.policy.targets = async () => {
      const now = await targets();
      return this.listed ?? now;
    };
    this.plan.around(this.state, 'saveStanding', 'saveBrake', 'saveLooked');
    this.plan.around(this.policy, 'attach', 'detach');
    this.plan.around(this.mail, 'send');
    this.plan.around(this.call, 'converge');
  }

  /** @returns whether the run came to its end */
  async survive(run: () => Promise<unknown>): Promise<boolean> {
    try {
      await run();
      return true;
    } catch (error) {
      // A run that was overtaken each time fails, and is delivered again.
      if (error instanceof Crash || (error as { code?: string }).code === 'STATE_CONFLICT') return false;
      if (error instanceof ServiceError) return false;
      throw error;
    }
  }

  async deliver(account: string, said: Standing): Promise<void> {
    const key = `${account} ${said.month}`;
    this.delivered.set(key, Math.max(this.delivered.get(key) ?? -1, said.spentNano ?? -1));
    // Lambda tries twice more.
    for (let attempt = 0; attempt < 3; attempt++) if (await this.survive(() => this.hear(account, said))) break;
    while (this.asked.length > 0) {
      const event = { command: 'converge', account: this.asked.shift() };
      await this.survive(() => this.brake(event));
    }
  }

  /** Claims of runs that died end, and what is left is done. */
  async settle(): Promise<void> {
    this.plan.clear();
    for (let at = 0; at < 3; at++) {
      await this.brake();
      this.now += MINUTE_MS;
    }
  }

  mostOf(account: string, month: UtcMonth): number {
    return this.delivered.get(`${account} ${month}`) ?? -1;
  }

  attaches(account: string): number {
    return this.policy.changes.filter((change) => change.account === account && change.did === 'attach').length;
  }

  mails(account: string, what: string): number {
    return this.subjects().filter((subject) => subject === `[organization] ${account}: ${what}`).length;
  }
}

function checkAlways(world: FaultyWorld, month: UtcMonth): void {
  expect(world.policy.attached.has(NEVER)).toBe(false);
  expect(world.policy.attached.has(MANAGEMENT)).toBe(false);
  if (world.attaches(AUTOMATIC) > 0 && world.policy.attached.has(AUTOMATIC)) {
    const { hold } = world.state.brakes.get(AUTOMATIC)!;
    // What is still attached of a month that is over goes with the next run.
    if (hold?.month === month) expect(world.mostOf(AUTOMATIC, month)).toBeGreaterThanOrEqual(LINE);
  }
}

function checkSettled(world: FaultyWorld, month: UtcMonth): void {
  checkAlways(world, month);
  expect(world.policy.attached.has(AUTOMATIC)).toBe(world.mostOf(AUTOMATIC, month) >= LINE);
  for (const { account, ours, outbox, claimedUntil, failure } of world.state.brakes.values()) {
    expect({ account, ours: ours?.confirmedAt !== undefined, outbox, failure }).toEqual({
      account,
      ours: world.policy.attached.has(account),
      outbox: [],
      failure: undefined,
    });
    expect(claimedUntil).toBeLessThanOrEqual(world.now);
  }
  const waits = world.state.brakes.get(ONE)?.hold;
  expect(waits?.month === month).toBe(world.mostOf(ONE, month) >= LINE);
}

/** From open through the line, an approval and the turn of the month. @param crash where to die; undefined: nowhere */
async function wholeStory(crash?: { readonly nth: number; readonly side: 'before' | 'after' }) {
  const world = new FaultyWorld();
  if (crash !== undefined) world.plan.set(crash.nth, crash.side);
  for (const account of [AUTOMATIC, ONE]) {
    for (const [minute, spentNano] of [usd(10), LINE, usd(120)].entries()) {
      world.now = NOON + minute * MINUTE_MS;
      await world.deliver(account, standing({ at: new Date(world.now).toISOString(), spentNano }));
    }
  }
  const { plan } = world;
  // A crash that is still to come must not be settled away.
  for (let at = 0; at < 3; at++) {
    await world.survive(() => world.brake());
    world.now += MINUTE_MS;
  }
  const approve = { command: 'approve', account: ONE, decision: '2026-11.1', by };
  // Who is not answered asks again.
  if (!(await world.survive(() => world.brake(approve)))) await world.survive(() => world.brake(approve));
  for (let at = 0; at < 3; at++) {
    await world.survive(() => world.brake());
    world.now += MINUTE_MS;
  }
  const attached = [...world.policy.attached].toSorted();
  world.now = monthStart('2026-12' as UtcMonth);
  for (let at = 0; at < 3; at++) {
    await world.survive(() => world.brake());
    world.now += MINUTE_MS;
  }
  return { world, attached, writes: plan.writes };
}

describe('a crash at every single write of a whole story', () => {
  test('without one: braked and mailed once each, and detached with the month', async () => {
    const { world, attached } = await wholeStory();
    expect(attached).toEqual([ONE, AUTOMATIC].toSorted());
    expect(world.policy.changes.map(({ did, account }) => `${did} ${account}`)).toEqual([
      `attach ${AUTOMATIC}`,
      `attach ${ONE}`,
      `detach ${ONE}`,
      `detach ${AUTOMATIC}`,
    ]);
    for (const account of [ONE, AUTOMATIC]) {
      expect([world.mails(account, 'the brake is attached'), world.mails(account, 'the brake is detached')]).toEqual([
        1, 1,
      ]);
    }
    expect(world.mails(ONE, 'its brake needs your approval')).toBe(1);
  });

  test.each(['before', 'after'] as const)(
    '%s each: the same is attached once and detached once, and nobody is left untold',
    async (side) => {
      const { writes } = await wholeStory();
      const hit = new Map<string, number>();
      for (let nth = 1; nth <= writes; nth++) {
        const { world, attached } = await wholeStory({ nth, side });
        for (const [window, times] of world.plan.hit) hit.set(window, (hit.get(window) ?? 0) + times);
        expect({ nth, attached }).toEqual({ nth, attached: [ONE, AUTOMATIC].toSorted() });
        for (const account of [ONE, AUTOMATIC]) {
          expect({ nth, account, attaches: world.attaches(account) }).toEqual({ nth, account, attaches: 1 });
          for (const what of ['the brake is attached', 'the brake is detached']) {
            expect(world.mails(account, what)).toBeGreaterThanOrEqual(1);
            expect(world.mails(account, what)).toBeLessThanOrEqual(2);
          }
        }
        expect(world.mails(ONE, 'its brake needs your approval')).toBeGreaterThanOrEqual(1);
        expect(world.policy.attached.size).toBe(0);
      }
      const windows = ['saveStanding', 'saveBrake', 'saveLooked', 'attach', 'detach', 'send', 'converge'];
      expect([...hit.keys()].toSorted()).toEqual(windows.map((name) => `${side} ${name}`).toSorted());
      expect([...hit.values()].reduce((sum, one) => sum + one, 0)).toBe(writes);
    },
  );
});

interface Step {
  readonly account: number;
  /** Dollars more. */
  readonly spends: number;
  readonly minutes: number;
  readonly fate: 'now' | 'late' | 'twice' | 'lost' | 'unknown';
  readonly crash?: { readonly nth: number; readonly side: 'before' | 'after' } | undefined;
  /** Runs at the same time. */
  readonly runs: number;
  readonly approves: 'no' | 'right' | 'stale';
  /** AWS Organizations answers nothing. */
  readonly isAway: boolean;
  /** Its list is that of the step before. */
  readonly isLate: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  account: fc.nat(ACCOUNTS.length - 1),
  spends: fc.constantFrom(0, 1, 20, 60),
  minutes: fc.constantFrom(0, 1, 3, 120),
  fate: fc.constantFrom('now', 'now', 'late', 'twice', 'lost', 'unknown'),
  crash: fc.option(fc.record({ nth: fc.integer({ min: 1, max: 5 }), side: fc.constantFrom('before', 'after') }), {
    nil: undefined,
    freq: 3,
  }),
  runs: fc.nat(3),
  approves: fc.constantFrom('no', 'no', 'right', 'stale'),
  isAway: fc.constantFrom(false, false, false, true),
  isLate: fc.constantFrom(false, false, true),
});

const throttled = new ServiceError('throttled', 'TooManyRequestsException', 'slow down', 400);
const totals = { crashes: 0, attached: 0, approved: 0, stale: 0, late: 0 };

/** One month of steps, in which only what is true is said, though not always in order, or at all. */
async function play(world: FaultyWorld, steps: readonly Step[], late: { account: string; said: Standing }[]) {
  const month = utcMonth(world.now);
  let listed: readonly string[] = [...world.policy.attached];
  const spent = new Map<string, number>(ACCOUNTS.map((account) => [account, 0]));
  // A meter that cannot see says what it knew last in the month, as a lower bound, and nothing where it never saw.
  const known = new Map<string, number>();
  for (const { account: index, spends, minutes, fate, crash, runs, approves, isAway, isLate } of steps) {
    world.listed = isLate ? [...listed] : undefined;
    listed = [...world.policy.attached];
    const account = ACCOUNTS[index]!;
    world.now += minutes * MINUTE_MS + 1_000;
    spent.set(account, (spent.get(account) ?? 0) + usd(spends));
    const at = new Date(world.now).toISOString();
    const amount = fate === 'unknown' ? (known.get(account) ?? null) : spent.get(account)!;
    if (amount !== null) known.set(account, amount);
    const said = standing({ at, month, spentNano: amount, atLeast: fate === 'unknown' });
    if (crash !== undefined) world.plan.set(crash.nth, crash.side);
    world.policy.failure = isAway ? throttled : undefined;
    if (fate === 'late') late.push({ account, said });
    else if (fate !== 'lost') await world.deliver(account, said);
    if (fate === 'twice') await world.deliver(account, said);
    await Promise.all(Array.from({ length: runs }, () => world.survive(() => world.brake())));
    if (approves !== 'no') await approveOne(world, approves);
    if (late.length > 2) {
      totals.late += 1;
      const [first] = late.splice(0, 1);
      await world.deliver(first!.account, first!.said);
    }
    world.policy.failure = undefined;
    world.listed = undefined;
    checkAlways(world, month);
  }
}

async function approveOne(world: FaultyWorld, which: 'right' | 'stale'): Promise<void> {
  const hold = world.state.brakes.get(ONE)?.hold;
  const decision = which === 'right' ? (hold?.decision ?? 'none') : '2026-10.1';
  const before = world.policy.attached.has(ONE);
  await world.survive(async () => {
    const answer = await world.brake({ command: 'approve', account: ONE, decision, by });
    if (which === 'stale') {
      expect(answer).toMatchObject({ kind: 'refused' });
      expect(world.policy.attached.has(ONE)).toBe(before);
      totals.stale += 1;
    } else if (answer.kind === 'ordered') totals.approved += 1;
  });
}

test('late, doubled, lost and unknown events, runs at once, outages and crashes, over the turn of a month', async () => {
  const months = fc.tuple(fc.array(step, { minLength: 10, maxLength: 25 }), fc.array(step, { maxLength: 15 }));
  await fc.assert(
    fc.asyncProperty(months, async ([november, december]) => {
      const world = new FaultyWorld();
      const late: { account: string; said: Standing }[] = [];
      await play(world, november, late);
      await world.settle();
      checkSettled(world, '2026-11' as UtcMonth);
      // No override and no raise: a decision of a month attaches once.
      for (const account of [ONE, AUTOMATIC]) expect(world.attaches(account)).toBeLessThanOrEqual(1);
      const before = [world.attaches(ONE), world.attaches(AUTOMATIC)] as const;

      world.now = monthStart(nextMonth('2026-11' as UtcMonth));
      await world.settle();
      expect([...world.policy.attached]).toEqual([]);
      // What comes late of November is nothing of December.
      await play(world, december, late);
      for (const { account, said } of late) await world.deliver(account, said);
      await world.settle();
      checkSettled(world, '2026-12' as UtcMonth);
      expect(world.attaches(ONE)).toBeLessThanOrEqual(before[0] + 1);
      expect(world.attaches(AUTOMATIC)).toBeLessThanOrEqual(before[1] + 1);
      totals.attached += world.policy.changes.length;
      totals.crashes += [...world.plan.hit.values()].reduce((sum, one) => sum + one, 0);
    }),
    { numRuns: RUNS, seed: 20261129 },
  );
  for (const [what, count] of Object.entries(totals)) expect([what, count > RUNS / 10]).toEqual([what, true]);
}, 60_000);
