import { applyPlan } from '../../../core/enforcement/apply';
import { planEnforcement } from '../../../core/enforcement/plan';
import type { Principal } from '../../../core/enforcement/ports';
import { ServiceError } from '../../../core/errors';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { FakeAttachments } from '../../../simulator/fakes/attachments';
import { FakePolicyVersions } from '../../../simulator/fakes/policy-versions';
import { FakeSwitchDeploy } from '../../../simulator/fakes/switch-deploy';
import { anyDocument, documentOf, foreign, sha256 } from '../../helpers/switch-texts';

const ARN = 'arn:aws:iam::111122223333:policy/spend-guard/switch';
const refused = (name: string, refusal: 'throttled' | 'notFound' | 'other' = 'other') =>
  new ServiceError(refusal, name, 'no', 400);
const people = (count: number) =>
  Array.from({ length: count }, (_, at): Principal => ({
    kind: (['role', 'user', 'group'] as const)[at % 3]!,
    name: `p${at}`,
  }));

/** A policy whose versions v1, v2, v3 are open, degraded and stopped, with open in effect, on everybody. */
async function world(count = 3, repair: (policy: FakePolicyVersions) => Promise<void> = async () => {}) {
  const policy = new FakePolicyVersions(documentOf('open', 'new'));
  for (const state of ['degraded', 'stopped'] as const) await policy.create(documentOf(state, 'new'));
  const attachments = new FakeAttachments();
  const principals = people(count);
  for (const one of principals) await attachments.attach(ARN, one);
  Object.assign(attachments.calls, { attach: 0 });
  Object.assign(policy.calls, { create: 0 });
  const order: string[] = [];
  const switchDeploy = new FakeSwitchDeploy(async (command) => {
    order.push(command);
    await repair(policy);
  });
  const setDefault = policy.setDefault.bind(policy);
  policy.setDefault = async (id) => {
    order.push(`setDefault ${id}`);
    await setDefault(id);
  };
  const run = async (enforced: DesiredState, before = {}, unread = false) => {
    const plan = planEnforcement({
      enforced,
      principals,
      versions: unread ? { kind: 'unavailable', why: 'down' } : { kind: 'known', value: await policy.list() },
      attached: { kind: 'known', value: await attachments.attachedTo(ARN) },
      before: { pagedOpen: [], ...before },
      digest: sha256,
    });
    return applyPlan({ attachments, switchVersions: policy, switchDeploy }, ARN, enforced, plan, sha256);
  };
  return { policy, attachments, principals, switchDeploy, order, run };
}

const inEffect = async (policy: FakePolicyVersions) => (await policy.list()).find(({ isDefault }) => isDefault)!.id;
const DONE = { switched: true, inEffect: true, attached: 0, failed: [], troubles: [] };

test.each([10, 1_000])('%i principals are stopped by one call, and let go by one', async (count) => {
  const { policy, attachments, switchDeploy, run } = await world(count);
  expect(await run('stopped')).toEqual(DONE);
  expect(policy.calls).toMatchObject({ setDefault: 1, create: 0, remove: 0 });
  expect(await run('open')).toEqual(DONE);
  expect(policy.calls).toMatchObject({ setDefault: 2, create: 0, remove: 0 });
  expect(attachments.calls).toMatchObject({ attach: 0, detach: 0 });
  expect(switchDeploy.orders).toEqual([]);
});

test('nothing is asked where all is as it should be', async () => {
  const { policy, attachments, run } = await world(10);
  expect(await run('open')).toEqual({ ...DONE, switched: false });
  expect([policy.calls.setDefault, attachments.calls.attach]).toEqual([0, 0]);
});

test('whoever lacks the switch is given it, each alone, after everybody else is stopped', async () => {
  const { policy, attachments, principals, run } = await world(25);
  for (const one of principals.slice(0, 12)) await attachments.detach(ARN, one);
  attachments.remove(principals[3]!);
  expect(await run('stopped')).toEqual({
    ...DONE,
    attached: 11,
    failed: [{ principal: principals[3], why: 'NoSuchEntityException' }],
  });
  expect(await attachments.attachedTo(ARN)).toHaveLength(24);
  expect(await inEffect(policy)).toBe('v3');
});

test('the stop does not wait for a repair, nor for somebody who cannot be given it', async () => {
  const { policy, attachments, principals, order, run } = await world();
  policy.edit(foreign('x'));
  await attachments.detach(ARN, principals[0]!);
  attachments.attach = async () => {
    order.push('attach');
    throw refused('Throttling', 'throttled');
  };
  expect(await run('stopped')).toEqual({ ...DONE, failed: [{ principal: principals[0], why: 'Throttling' }] });
  expect(order).toEqual(['setDefault v3', 'attach', 'repair']);
});

test('a repair that fails is told, and the stop is in effect', async () => {
  const { policy, switchDeploy, run } = await world();
  policy.edit(foreign('x'));
  switchDeploy.failure = refused('TooManyRequestsException', 'throttled');
  expect(await run('stopped')).toEqual({
    ...DONE,
    troubles: ['putting the versions of the switch in order: TooManyRequestsException'],
  });
});

describe('nothing stands for the wanted state', () => {
  const withoutStop = async (repair?: (policy: FakePolicyVersions) => Promise<void>) => {
    const made = await world(3, repair);
    await made.policy.remove('v3');
    return made;
  };
  const write = (policy: FakePolicyVersions) => policy.create(documentOf('stopped', 'new'));

  test('it is written first, once, and then put in effect', async () => {
    const { order, run } = await withoutStop(write);
    expect(await run('stopped')).toEqual(DONE);
    expect(order).toEqual(['repair', 'setDefault v4']);
  });

  test('also where the order has failed after it was written', async () => {
    const { order, run } = await withoutStop(async (policy) => {
      await write(policy);
      throw refused('TimeoutError');
    });
    expect(await run('stopped')).toMatchObject({
      switched: true,
      inEffect: true,
      troubles: [expect.stringContaining('TimeoutError')],
    });
    expect(order).toEqual(['repair', 'setDefault v4']);
  });

  test('and stays missing: it is not in effect, and told', async () => {
    const { order, run } = await withoutStop();
    expect(await run('stopped')).toEqual({
      ...DONE,
      switched: false,
      inEffect: false,
      troubles: ['the switch has no version for stopped'],
    });
    expect(order).toEqual(['repair']);
  });

  test('and what is there then cannot be looked up', async () => {
    const made = await withoutStop(async (policy) => policy.refuse('list', refused('Throttling', 'throttled')));
    expect(await made.run('stopped')).toMatchObject({ switched: false, inEffect: false });
    expect(made.order).toEqual(['repair']);
  });
});

describe('the versions cannot be listed', () => {
  test('the remembered one is put in effect, by one call', async () => {
    const { policy, order, run } = await world();
    expect(await run('stopped', { versions: { stopped: 'v3' } }, true)).toEqual(DONE);
    expect(await inEffect(policy)).toBe('v3');
    expect(order).toEqual(['setDefault v3']);
  });

  test('none is remembered: nothing is in effect that anybody knows of', async () => {
    const { order, run } = await world();
    expect(await run('stopped', {}, true)).toEqual({ ...DONE, switched: false, inEffect: false });
    expect(order).toEqual([]);
  });

  test('the remembered one is gone: what is there now is looked at once more', async () => {
    const { order, run } = await world();
    expect(await run('stopped', { versions: { stopped: 'v9' } }, true)).toEqual(DONE);
    expect(order).toEqual(['setDefault v9', 'setDefault v3']);
  });

  test('it is gone, and there is none in its place: nothing is put in effect, and why is told', async () => {
    const { policy, order, run } = await world();
    await policy.remove('v3');
    expect(await run('stopped', { versions: { stopped: 'v3' } }, true)).toEqual({
      ...DONE,
      switched: false,
      inEffect: false,
      troubles: ['switch to stopped: NoSuchEntityException'],
    });
    expect(order).toEqual(['setDefault v3']);
  });

  test('it cannot be put in effect for another reason than that it is gone: no other one is guessed', async () => {
    const { policy, order, run } = await world();
    policy.refuse('setDefault', refused('Throttling', 'throttled'), 1);
    expect(await run('stopped', { versions: { stopped: 'v9' } }, true)).toMatchObject({
      switched: false,
      troubles: ['switch to stopped: Throttling'],
    });
    expect(order).toEqual(['setDefault v9']);
  });
});

test('a deploy takes the version away between the look and the call: the newer one is put in effect in the same tick', async () => {
  const { policy, run } = await world();
  const setDefault = policy.setDefault.bind(policy);
  policy.setDefault = async (id) => {
    policy.setDefault = setDefault;
    await policy.create(anyDocument('stopped', 'newer'));
    await policy.remove('v3');
    return setDefault(id);
  };
  expect(await run('stopped')).toEqual(DONE);
  expect(await inEffect(policy)).toBe('v4');
});

test('a version that IAM lists and yet does not know is asked for once: the next tick tries again', async () => {
  const { policy, order, run } = await world();
  policy.refuse('setDefault', refused('NoSuchEntityException', 'notFound'), 1);
  expect(await run('stopped')).toMatchObject({ switched: false, inEffect: false });
  expect(order).toEqual(['setDefault v3']);
});

test('a version that cannot be put in effect is told, and the others are still given the switch', async () => {
  const { policy, attachments, principals, run } = await world();
  policy.refuse('setDefault', refused('ServiceFailureException'), 1);
  await attachments.detach(ARN, principals[0]!);
  expect(await run('stopped')).toEqual({
    switched: false,
    inEffect: false,
    attached: 1,
    failed: [],
    troubles: ['switch to stopped: ServiceFailureException'],
  });
});

test('a defect is no refusal: the tick fails by it', async () => {
  const { policy, run } = await world();
  policy.setDefault = () => Promise.reject(new TypeError('a defect'));
  await expect(run('stopped')).rejects.toThrow(TypeError);
});
