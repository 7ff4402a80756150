import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { Killed, Mortal } from '../../helpers/verify-account';
import { NOTHING_LEFT, removeFolders, VerifyWorld } from './verify-world';

afterEach(removeFolders);

/** Those that make and change each kind of thing; the others make profiles too. */
const STEPS = [
  '--yes',
  'metric-names,deny-latency,budget-tag,legacy-refusal',
  '--legacy-model',
  'meta.llama3-1-8b-instruct-v1:0',
];

/** What a run makes and changes, in order. */
async function changesOfARun(): Promise<readonly string[]> {
  const world = new VerifyWorld();
  const mortal = new Mortal({ at: 0, when: 'before' });
  world.around = (services) => mortal.watch(services);
  await world.verified(...STEPS);
  return mortal.changes;
}

/** A run that is killed at a change. */
async function killed(at: number, when: 'before' | 'after'): Promise<{ world: VerifyWorld; mortal: Mortal }> {
  const world = new VerifyWorld();
  const mortal = new Mortal({ at, when });
  world.around = (services) => mortal.watch(services);
  await expect(world.verified(...STEPS)).rejects.toBeInstanceOf(Killed);
  world.around = (services) => services;
  return { world, mortal };
}

test('a process killed before or after any single change leaves nothing after --clean', async () => {
  const changes = await changesOfARun();
  const hit = new Set<string>();
  let leftSomething = 0;
  for (let at = 1; at <= changes.length; at += 1) {
    for (const when of ['before', 'after'] as const) {
      const { world, mortal } = await killed(at, when);
      expect(mortal.changes).toEqual(changes.slice(0, at));
      hit.add(`${when} ${at}`);
      if (JSON.stringify(world.verify.left()) !== JSON.stringify(NOTHING_LEFT)) leftSomething += 1;
      const { exitCode } = await world.verified('--clean', '--yes', 'all');
      expect([at, when, exitCode, world.verify.left()]).toEqual([at, when, 0, NOTHING_LEFT]);
      expect(world.journal).toBeUndefined();
    }
  }
  expect(new Set(changes)).toEqual(
    new Set([
      ...['profiles.create', 'roles.createRole', 'roles.allow', 'roles.createPolicy', 'roles.attach'].map(
        (name) => `verify.${name}`,
      ),
      ...['policyVersions.create', 'policyVersions.setDefault', 'budgets.create'].map((name) => `verify.${name}`),
    ]),
  );
  expect(hit.size).toBe(2 * changes.length);
  expect(leftSomething).toBeGreaterThan(changes.length);
}, 120_000);

test('the next run removes what the killed one has left, and says so', async () => {
  const changes = await changesOfARun();
  const { world } = await killed(changes.indexOf('verify.roles.attach') + 1, 'after');
  expect(world.verify.left()).toMatchObject({ role: 1, policy: 1 });
  const { stdout } = await world.verified('--yes', 'metric-names');
  expect(world.verify.left()).toEqual(NOTHING_LEFT);
  for (const kind of ['role', 'policy', 'profile'])
    expect(stdout).toMatch(new RegExp(`removed ${kind} spend-guard-verify-\\S+-deny-latency`));
});

describe('where the journal is lost', () => {
  test('--clean finds all of it by tag', async () => {
    for (const [before, change] of (await changesOfARun()).entries()) {
      // A policy in another version is found as the one that it is.
      if (change.endsWith('setDefault')) continue;
      const at = before + 1;
      const { world } = await killed(at, 'after');
      world.loseJournal();
      const { exitCode } = await world.verified('--clean', '--yes', 'all');
      expect([at, exitCode, world.verify.left()]).toEqual([at, 0, NOTHING_LEFT]);
    }
  }, 120_000);

  test('the next run takes nothing that another one may still need, and does once that is over', async () => {
    const changes = await changesOfARun();
    const { world } = await killed(changes.indexOf('verify.roles.attach') + 1, 'after');
    world.loseJournal();
    const { stdout } = await world.verified('--yes', 'metric-names,deny-latency');
    expect(stdout).toMatch(/kept role \S+: another run may still need it; verify --clean removes it/);
    expect(world.verify.left()).toMatchObject({ role: 1, policy: 1, profile: 1 });
    world.now += 4 * HOUR_MS;
    await world.verified('--yes', 'metric-names,deny-latency');
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('budgets may wait for a week for a run that has another journal', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'budget-tag');
    world.loseJournal();
    world.now += 6 * DAY_MS;
    world.tag = { kind: 'known', state: 'inactive' };
    await world.verified('--yes', 'budget-tag');
    expect(world.verify.left().budget).toBe(2);
    world.now += 2 * DAY_MS;
    await world.verified('--yes', 'budget-tag');
    expect(world.verify.left().budget).toBe(0);
  });
});

describe('--clean', () => {
  test('asks, and without anybody to ask removes nothing', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'budget-tag');
    expect((await world.verified('--clean')).exitCode).toBe(3);
    expect(world.verify.left().budget).toBe(2);
    world.answers = ['y'];
    expect((await world.verified('--clean')).exitCode).toBe(0);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
    expect(world.journal).toBeUndefined();
  });

  test('leaves alone what has such a name and not the tag, and says so', async () => {
    const world = new VerifyWorld();
    world.verify.profiles.add('us-east-1', { name: 'spend-guard-verify-mine', source: 'model' });
    const { stdout } = await world.verified('--clean', '--yes', 'all');
    expect(stdout).toMatch(/kept profile spend-guard-verify-mine: it does not carry the tag of a run/);
    expect(world.verify.left().profile).toBe(1);
  });

  test('a listing that is refused is told, and what the journal names goes all the same', async () => {
    const changes = await changesOfARun();
    const { world } = await killed(changes.indexOf('verify.roles.attach') + 1, 'after');
    world.verify.roles.roles = async () => Promise.reject(new ServiceError('accessDenied', 'AccessDenied', 'no', 403));
    const { exitCode, stdout } = await world.verified('--clean', '--yes', 'all');
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/could not look for roles by tag: AccessDenied/);
    expect(world.verify.left()).toEqual(NOTHING_LEFT);
  });

  test('of some steps looks for what they make, and for nothing that whoever runs them may not list', async () => {
    const world = new VerifyWorld();
    const denied = async () => Promise.reject(new ServiceError('accessDenied', 'AccessDenied', 'no', 403));
    world.verify.roles.roles = denied;
    world.verify.roles.policies = denied;
    world.verify.budgets.list = denied;
    expect((await world.verified('--yes', 'metric-names')).stdout).not.toContain('could not look');
    expect((await world.verified('--clean', '--yes', 'all', '--step', 'metric-names')).exitCode).toBe(0);
    expect((await world.verified('--clean', '--yes', 'all')).exitCode).toBe(4);
  });

  test('another account’s are kept in the journal', async () => {
    const world = new VerifyWorld();
    await world.verified('--yes', 'budget-tag');
    const journal = world.journal!;
    world.writeJournal(
      JSON.stringify({
        ...journal,
        resources: journal.resources.map((one) => ({ ...one, account: '9999', name: `${one.name}-x` })),
      }),
    );
    const { stdout } = await world.verified('--clean', '--yes', 'all');
    expect(stdout).toMatch(/it is in the account that ends in 9999, use credentials of that one/);
    expect(world.journal!.resources).toHaveLength(2);
  });

  test.each(['{', '{}', '{"schemaVersion":2,"resources":[],"begun":[]}'])(
    'a journal %j is refused, with what to do',
    async (text) => {
      const world = new VerifyWorld();
      world.writeJournal(text);
      const { exitCode, stderr } = await world.verified('--clean', '--yes', 'all');
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/no journal of this version; .*run verify --clean, which finds the rest by its tag/);
    },
  );

  test('where nothing is left it says so', async () => {
    const world = new VerifyWorld();
    expect((await world.verified('--clean', '--yes', 'all')).stdout).toContain('nothing is left');
  });
});
