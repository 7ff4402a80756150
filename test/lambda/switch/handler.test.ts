import { stateOf } from '../../../core/enforcement/switch-document';
import type { Principal } from '../../../core/enforcement/ports';
import { ServiceError } from '../../../core/errors';
import { parseSwitchEnv } from '../../../lambda/switch/env';
import { PHYSICAL_ID } from '../../../lambda/switch/handler';
import { FakeAttachments } from '../../../simulator/fakes/attachments';
import {
  DENY_BILL_ARN,
  INVOKER,
  SWITCH_ARN,
  SwitchWorld,
  switchVariables,
  type Release,
} from '../../helpers/switch-world';
import { foreign, sha256, statesIn } from '../../helpers/switch-texts';

const RELEASE: Release = { smallModels: ['amazon.nova-lite-v1:0'], roles: ['app', 'batch'], users: ['ann'] };
const role = (name: string): Principal => ({ kind: 'role', name });
const SET_ROLE = 'AWSReservedSSO_Developer_0123456789abcdef';
const refused = (name: string) => new ServiceError('accessDenied', name, 'no', 403);
const READY = { status: 'SUCCESS', physicalResourceId: PHYSICAL_ID, data: { Without: 'none', Still: 'none' } };

const namesOf = async (world: SwitchWorld, arn = SWITCH_ARN) =>
  (await world.attachments.attachedTo(arn)).map(({ name }) => name).sort();

describe('a deploy', () => {
  test('writes the three versions, gives the switch to everybody, and changes nothing that is in effect', async () => {
    const world = new SwitchWorld(RELEASE);
    expect(await world.request('Create')).toEqual(READY);
    expect(statesIn(await world.policy.list())).toEqual(['open', 'degraded', 'stopped']);
    expect(await namesOf(world)).toEqual(['ann', 'app', 'batch', INVOKER.name]);
    expect(await world.inEffect()).toBe('open');
    expect(world.policy.calls.setDefault).toBe(0);
  });

  test('done again asks for nothing', async () => {
    const world = new SwitchWorld(RELEASE);
    await world.request('Create');
    const [versions, people] = [{ ...world.policy.calls }, { ...world.attachments.calls }];
    expect(await world.request('Update')).toEqual(READY);
    expect(world.policy.calls).toMatchObject({ create: versions.create, remove: versions.remove, setDefault: 0 });
    expect(world.attachments.calls).toMatchObject({ attach: people.attach, detach: people.detach });
  });

  test.each(['degraded', 'stopped'] as const)(
    'with another text, in the middle of %s: the state stays, and the next tick has the new text in effect',
    async (state) => {
      const world = new SwitchWorld(RELEASE);
      await world.request('Create');
      world.want = state;
      await world.tick();
      world.release({ ...RELEASE, smallModels: ['amazon.nova-micro-v1:0'] });
      expect(await world.request('Update')).toEqual(READY);
      expect(await world.inEffect()).toBe(state);
      world.now += 60_000;
      expect(await world.tick()).toEqual([]);
      const current = (await world.policy.list()).find(({ isDefault }) => isDefault)!;
      expect(current.document).toEqual(JSON.parse(JSON.stringify(world.documents[state])));
    },
  );

  test('lets go whom the configuration does not name any more, in mid-stop too; never a role of a permission set', async () => {
    const world = new SwitchWorld(RELEASE);
    await world.request('Create');
    world.attachments.provision(SWITCH_ARN, role(SET_ROLE));
    world.want = 'stopped';
    await world.tick();
    world.release({ ...RELEASE, roles: ['app'], users: [] });
    expect(await world.request('Update')).toEqual(READY);
    expect(await namesOf(world)).toEqual([SET_ROLE, 'app', INVOKER.name].sort());
    // Nobody else may change such a role: it is not even tried.
    expect(world.attachments.calls.detach).toBe(2);
  });

  test('somebody who is missing or full is named with IAM’s reason, and the others are given it', async () => {
    const world = new SwitchWorld(RELEASE);
    world.attachments.remove(role('app'));
    for (let at = 0; at < 10; at++)
      await world.attachments.attach(`arn:aws:iam::111122223333:policy/p${at}`, role('batch'));
    expect(await world.request('Create')).toEqual({
      ...READY,
      data: { Without: 'role app (NoSuchEntityException), role batch (LimitExceededException)', Still: 'none' },
    });
    expect(await namesOf(world)).toEqual(['ann', INVOKER.name]);
  });

  test('a thousand who are missing fit into the answer that CloudFormation takes', async () => {
    const roles = Array.from({ length: 1000 }, (_, at) => `role-with-a-long-name-${at}`);
    const world = new SwitchWorld({ ...RELEASE, roles });
    for (const name of roles) world.attachments.remove(role(name));
    const answer = await world.request('Create');
    expect(answer?.status).toBe('SUCCESS');
    expect(JSON.stringify(answer).length).toBeLessThan(4_096 - 1_000);
  });

  test('somebody who cannot be let go is named, and stops nobody else from it', async () => {
    const world = new SwitchWorld(RELEASE);
    await world.request('Create');
    world.attachments.detach = async (_arn, { name }) =>
      name === 'batch'
        ? { kind: 'failed', why: 'AccessDenied' }
        : FakeAttachments.prototype.detach.call(world.attachments, SWITCH_ARN, role(name));
    world.release({ ...RELEASE, roles: [] });
    const data = { Without: 'none', Still: 'role batch (AccessDenied)' };
    expect(await world.request('Update')).toEqual({ ...READY, data });
    expect(await namesOf(world)).toEqual(['ann', 'batch', INVOKER.name]);
  });

  test('versions that cannot be written fail it, with the reason; nothing is in effect that was not', async () => {
    const world = new SwitchWorld(RELEASE);
    world.policy.refuse('create', refused('AccessDenied'));
    expect(await world.request('Create')).toEqual({
      status: 'FAILED',
      physicalResourceId: PHYSICAL_ID,
      reason: expect.stringMatching(/^the versions of the switch could not be written: .*AccessDenied/),
    });
    expect(await world.inEffect()).toBe('open');
  });

  test('where nobody can be looked up, it says so and goes on: the meter looks each minute', async () => {
    const world = new SwitchWorld(RELEASE);
    world.attachments.failure = refused('AccessDenied');
    expect(await world.request('Create')).toMatchObject({
      status: 'SUCCESS',
      data: {
        Without: expect.stringMatching(/^nobody could be looked up: .*AccessDenied/) as unknown,
        Still: expect.stringMatching(/^nobody could be looked up: .*AccessDenied/) as unknown,
      },
    });
  });

  test.each(['Create', 'Update', 'Delete'] as const)('%s is answered exactly once', async (kind) => {
    const world = new SwitchWorld(RELEASE);
    await world.request(kind);
    expect(world.answers).toHaveLength(1);
  });

  test('the answer that CloudFormation does not take is the function’s failure: Lambda tries again, and that hurts nobody', async () => {
    const world = new SwitchWorld(RELEASE);
    // Two written, three given it, and then the answer.
    await expect(world.request('Create', { effects: 5 })).rejects.toThrow();
    expect(world.answers).toEqual([]);
    expect(await world.request('Create')).toEqual(READY);
    expect(statesIn(await world.policy.list())).toEqual(['open', 'degraded', 'stopped']);
  });
});

describe('an order of the meter', () => {
  test('repair: what somebody has written goes, what somebody has deleted comes back, and nobody is answered', async () => {
    const world = new SwitchWorld(RELEASE);
    await world.request('Create');
    const stop = (await world.policy.list()).find(({ document }) => stateOf(document, sha256) === 'stopped')!;
    await world.policy.remove(stop.id);
    await world.policy.create(foreign('GetObject'));
    await world.attachments.detach(SWITCH_ARN, role('app'));
    expect(await world.function({ command: 'repair' })).toBeUndefined();
    const versions = await world.policy.list();
    expect(versions).toHaveLength(3);
    expect(statesIn(versions)).toEqual(['open', 'degraded', 'stopped']);
    expect(await namesOf(world)).not.toContain('app');
  });

  test('repair: a refusal is the order’s', async () => {
    const world = new SwitchWorld(RELEASE);
    world.policy.refuse('create', refused('AccessDenied'));
    await expect(world.function({ command: 'repair' })).rejects.toMatchObject({ errorName: 'AccessDenied' });
  });

  test('liftBill: Budgets’ deny is taken off everybody, and the switch off nobody', async () => {
    const world = new SwitchWorld(RELEASE);
    await world.request('Create');
    for (const name of ['app', 'batch']) await world.attachments.attach(DENY_BILL_ARN, role(name));
    await world.function({ command: 'liftBill' });
    expect(await namesOf(world, DENY_BILL_ARN)).toEqual([]);
    expect(await namesOf(world)).toHaveLength(4);
  });

  test('liftBill: whom it cannot be taken off is named', async () => {
    const world = new SwitchWorld(RELEASE);
    await world.attachments.attach(DENY_BILL_ARN, role('app'));
    world.attachments.detach = async () => ({ kind: 'failed', why: 'AccessDenied' });
    await expect(world.function({ command: 'liftBill' })).rejects.toMatchObject({
      code: 'TICK_INCOMPLETE',
      message: 'deny-bill is still attached: role app (AccessDenied)',
    });
  });
});

test.each<[object | null]>([
  ...([[null], [{}], [{ command: 'open' }], [{ command: ['repair'] }], [{ RequestType: 'Delete' }]] as [
    object | null,
  ][]),
  [{ RequestType: 'Delete', ResponseURL: 'nowhere' }],
  [{ RequestType: 'Delete', ResponseURL: 'http://cloudformation.example/answer' }],
  [{ RequestType: 'Delete', ResponseURL: 'http://localhost.example/answer' }],
  [{ RequestType: 'Delete', ResponseURL: 'file:///answer' }],
])('what is neither an order nor a request that can be answered changes nothing: %p', async (event) => {
  const world = new SwitchWorld(RELEASE);
  await expect(world.function(event as object)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  expect(world.policy.calls).toMatchObject({ create: 0, remove: 0, setDefault: 0 });
  expect(world.attachments.calls).toMatchObject({ attach: 0, detach: 0 });
});

test('a wrong environment is named, and where it comes from', () => {
  const variables = switchVariables(RELEASE);
  expect(() => parseSwitchEnv({ ...variables, SMALL_MODELS: 'no json' })).toThrow(
    /SMALL_MODELS \(not valid JSON\).*deploy it again/,
  );
  expect(() => parseSwitchEnv({ ...variables, SWITCH_ARN: 'switch' })).toThrow(/SWITCH_ARN/);
  expect(() => parseSwitchEnv({})).toThrow(/SWITCH_ARN/);
});
