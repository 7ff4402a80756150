import fc from 'fast-check';
import { versionFor } from '../../../core/enforcement/plan';
import { sameDocument, SWITCH_STATES, told } from '../../../core/enforcement/switch-document';
import { GuardError, ServiceError } from '../../../core/errors';
import type { PolicyVersionWriterPort } from '../../../core/enforcement/ports';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { leaveOpen, writeVersions } from '../../../lambda/switch/versions';
import { FakePolicyVersions } from '../../../simulator/fakes/policy-versions';
import { Crash, seenByRun, type Life } from '../../helpers/switch-scheduled';
import { anyDocument, sha256, statesIn, textsOf, type Text } from '../../helpers/switch-texts';

const NEW = textsOf('new');
const rest = { digest: sha256, log: () => {}, sleep: async () => {} };
const write = (versions: PolicyVersionWriterPort, text = 'new') => writeVersions({ versions, ...rest }, textsOf(text));

interface Start {
  readonly versions: readonly (readonly [Text, string])[];
  readonly default: number;
}

const anyStart: fc.Arbitrary<Start> = fc.record({
  versions: fc.array(
    fc.tuple(fc.constantFrom<Text>('open', 'degraded', 'stopped', 'foreign'), fc.constantFrom('new', 'old', 'older')),
    { minLength: 1, maxLength: 5 },
  ),
  default: fc.nat({ max: 4 }),
});

async function policyOf({ versions: [first, ...others], default: at }: Start): Promise<FakePolicyVersions> {
  const policy = new FakePolicyVersions(anyDocument(...first!));
  for (const one of others) await policy.create(anyDocument(...one));
  await policy.setDefault(`v${1 + (at % (1 + others.length))}`);
  return policy;
}

const defaultOf = async (policy: FakePolicyVersions) => (await policy.list()).find(({ isDefault }) => isDefault)!;

/** Each state has one version with today's text, the newest that it has; beside them nothing but another one that is in effect. */
async function expectInOrder(policy: FakePolicyVersions): Promise<void> {
  const versions = await policy.list();
  const states = versions.map((version) => told(version, sha256));
  const newest = SWITCH_STATES.map((state) => versions.find(({ id }) => id === versionFor(states, state)?.id)!);
  for (const [at, state] of SWITCH_STATES.entries()) {
    if (!sameDocument(newest[at]?.document, NEW[state])) throw new Error(`today's text is not the newest of ${state}`);
  }
  const others = versions.filter((one) => !newest.includes(one));
  expect(others.filter(({ isDefault }) => !isDefault)).toEqual([]);
}

test('property: from whatever is there, one run leaves each state its version, and what is in effect as it is', async () => {
  await fc.assert(
    fc.asyncProperty(anyStart, async (start) => {
      const policy = await policyOf(start);
      const before = await defaultOf(policy);
      await write(policy);
      await expectInOrder(policy);
      expect(await defaultOf(policy)).toEqual(before);
      const calls = { ...policy.calls };
      await write(policy);
      expect(policy.calls).toEqual({ ...calls, list: calls.list + 1 });
    }),
    { numRuns: 200 },
  );
});

const anyLife: fc.Arbitrary<Life> = fc.record(
  { effects: fc.nat({ max: 7 }), lastIsDone: fc.boolean() },
  { requiredKeys: [] },
);

const counts = { crashed: 0, refused: 0, flipped: 0, gaveUp: 0 };

/** The policy as all runs see it: what must hold is looked at after each request of anybody. */
class Watched implements PolicyVersionWriterPort {
  private had: readonly DesiredState[] = [];

  constructor(private readonly policy: FakePolicyVersions) {}

  list() {
    return this.policy.list();
  }
  setDefault(id: string) {
    return this.after(this.policy.setDefault(id));
  }
  create(document: unknown) {
    return this.after(this.policy.create(document));
  }
  remove(id: string) {
    return this.after(this.policy.remove(id));
  }

  async look(): Promise<void> {
    const versions = await this.policy.list();
    const now = statesIn(versions);
    const lost = this.had.filter((state) => !now.includes(state));
    const defaults = versions.filter(({ isDefault }) => isDefault).length;
    // After each request of anybody: an expectation each time would cost more than all of the requests.
    if (versions.length > 5 || defaults !== 1 || lost.length > 0)
      throw new Error(`${versions.length} versions, ${defaults} in effect, without one: ${lost.join(', ')}`);
    this.had = now;
  }

  private async after(request: Promise<void>): Promise<void> {
    // The fake has answered by now: nobody else comes in between.
    const looked = this.look();
    await request.catch((error: unknown) => {
      counts.refused += 1;
      throw error;
    });
    await looked;
  }
}

/** The meter: whichever version it finds for a state, it puts in effect, unless that is gone again. */
async function flip(port: PolicyVersionWriterPort, state: DesiredState): Promise<void> {
  const id = versionFor(
    (await port.list()).map((version) => told(version, sha256)),
    state,
  )?.id;
  if (id === undefined) return;
  try {
    await port.setDefault(id);
    counts.flipped += 1;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
  }
}

/** A run of the deploy's function, which may crash or give up, and never puts anything in effect. */
async function survive(run: Promise<void>): Promise<void> {
  try {
    await run;
  } catch (error) {
    if (error instanceof Crash) counts.crashed += 1;
    else if (error instanceof ServiceError || error instanceof GuardError) counts.gaveUp += 1;
    else throw error;
  }
}

test.each([
  ['with the same text', ['new', 'new']],
  ['of which one is of the release before', ['old', 'new']],
  ['of three releases', ['older', 'old', 'new']],
])(
  'property: runs %s at once, crashes at each side effect, and the meter in between: no state is ever without its version again, and the next run brings all in order',
  async (_what, texts) => {
    Object.assign(counts, { crashed: 0, refused: 0, flipped: 0, gaveUp: 0 });
    await fc.assert(
      fc.asyncProperty(
        anyStart,
        fc.array(anyLife, { minLength: texts.length, maxLength: texts.length }),
        fc.array(fc.constantFrom(...SWITCH_STATES), { maxLength: 4 }),
        fc.scheduler(),
        async (start, lives, flips, scheduler) => {
          const policy = await policyOf(start);
          const watched = new Watched(policy);
          await watched.look();
          const seen = (name: string, life?: Life) =>
            seenByRun(watched, (what) => scheduler.schedule(Promise.resolve(), `${name}: ${what}`), life);
          const runs = texts.map((text, at) => {
            const setDefault = () => Promise.reject(new Error('the default is the meter’s'));
            return survive(write({ ...seen(`run ${at}`, lives[at]), setDefault }, text));
          });
          const meter = async () => {
            for (const state of flips) await flip(seen('meter'), state);
          };
          await scheduler.waitFor(Promise.all([...runs, meter()]));
          const before = await defaultOf(policy);
          await write(watched);
          expect(await defaultOf(policy)).toEqual(before);
          await expectInOrder(policy);
        },
      ),
      { numRuns: 120 },
    );
    for (const kind of ['crashed', 'refused', 'flipped'] as const) {
      expect([kind, counts[kind] > 0]).toEqual([kind, true]);
    }
  },
);

describe('a refusal', () => {
  const full: Start = {
    versions: [
      ['open', 'new'],
      ['degraded', 'new'],
    ],
    default: 0,
  };
  const refusal = (name: string) => new ServiceError('other', name, 'no', 409);

  test.each([
    [1, 'goes on'],
    [2, 'goes on'],
    [3, 'gives up'],
  ])('%i times in a row: the run %s', async (times, outcome) => {
    const policy = await policyOf(full);
    policy.refuse('create', refusal('LimitExceededException'), times);
    const pauses: number[] = [];
    const run = writeVersions({ versions: policy, ...rest, sleep: async (ms) => void pauses.push(ms) }, NEW);
    if (outcome === 'gives up') await expect(run).rejects.toMatchObject({ errorName: 'LimitExceededException' });
    else await run.then(() => expectInOrder(policy));
    expect(pauses).toEqual(Array.from({ length: Math.min(times, 2) }, () => 1_000));
  });

  test('that is no answer of AWS is a defect, and told at once', async () => {
    const policy = await policyOf(full);
    policy.create = () => Promise.reject(new TypeError('a defect'));
    await expect(write(policy)).rejects.toThrow(TypeError);
  });

  test('of the listing: nothing is changed', async () => {
    const policy = await policyOf(full);
    policy.refuse('list', refusal('AccessDenied'));
    await expect(write(policy)).rejects.toMatchObject({ errorName: 'AccessDenied' });
    expect(policy.calls).toMatchObject({ create: 1, remove: 0 });
  });

  test('what does not end is told, rather than taken for done', async () => {
    const policy = await policyOf(full);
    const create = policy.create.bind(policy);
    policy.create = async (document) => {
      await create(document);
      // Somebody deletes whatever is written.
      await policy.remove((await policy.list())[0]!.id);
    };
    await expect(write(policy)).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
  });
});

describe('what the deletion of the stack leaves', () => {
  const leave = (versions: PolicyVersionWriterPort) => leaveOpen({ versions, ...rest });

  test('property: from whatever is there, however often it crashed: the open version, in effect and alone', async () => {
    await fc.assert(
      fc.asyncProperty(anyStart, fc.array(anyLife, { maxLength: 3 }), async (start, lives) => {
        const policy = await policyOf(start);
        for (const life of lives) await survive(leave(seenByRun(policy, async () => {}, life)));
        await leave(policy);
        const versions = await policy.list();
        expect(versions).toHaveLength(1);
        expect(statesIn(versions)).toEqual(['open']);
        expect(versions[0]!.isDefault).toBe(true);
      }),
      { numRuns: 120 },
    );
  });

  test('of a policy that is gone: nothing', async () => {
    const policy = await policyOf({ versions: [['stopped', 'new']], default: 0 });
    policy.gone();
    await leave(policy);
    expect(await policy.list()).toEqual([]);
  });
});
