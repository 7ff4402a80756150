import { ServiceError } from '../../../core/errors';
import { usd } from '../../../core/money';
import { throttled } from '../../contracts/throttled';
import { AUTOMATIC, ONE, TWO } from '../../helpers/organization';
import { OrganizationWorld } from '../../helpers/organization-world';

const by = 'ops';
const refuse = async () => ({ kind: 'failed', why: 'AccessDeniedException' }) as const;
const REACHED = { spentNano: usd(110) };
const FOREIGN = 'somebody else has attached the policy, and the hub does not detach it';
let world: OrganizationWorld;
beforeEach(() => void (world = new OrganizationWorld()));

describe('what somebody else has attached', () => {
  test('is never detached, at no turn and by no order, and is named', async () => {
    world.policy.attached.add(ONE).add('ou-abcd-12345678');
    await world.told(ONE);
    expect(await world.brake()).toMatchObject({
      troubles: [`${ONE}: ${FOREIGN}`, `ou-abcd-12345678: ${FOREIGN}`],
    });
    const lift = { command: 'lift', account: ONE, by, reason: 'launch' };
    expect(await world.brake(lift)).toMatchObject({ brake: 'none', troubles: [`${ONE}: ${FOREIGN}`] });
    world.now = Date.parse('2026-12-01T00:00:00Z');
    await world.brake();
    expect([...world.policy.attached]).toEqual([ONE, 'ou-abcd-12345678']);
    expect(world.state.lookedAt?.foreign).toEqual([ONE, 'ou-abcd-12345678']);
    expect(world.metrics.latest('Findings')).toBe(2);
  });

  test('stays theirs where the brake comes to be wanted', async () => {
    world.policy.attached.add(AUTOMATIC);
    await world.told(AUTOMATIC, REACHED);
    world.now = Date.parse('2026-12-01T00:00:00Z');
    await world.brake();
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
    expect(world.policy.changes).toEqual([]);
  });

  test('once they detach it while it is wanted, the hub attaches its own', async () => {
    world.policy.attached.add(AUTOMATIC);
    await world.told(AUTOMATIC, REACHED);
    world.policy.attached.clear();
    await world.brake();
    expect(world.policy.changes).toEqual([{ did: 'attach', account: AUTOMATIC }]);
    world.now = Date.parse('2026-12-01T00:00:00Z');
    await world.brake();
    expect(world.policy.attached.size).toBe(0);
  });
});

test('what the hub attached and somebody detached is attached again while it is wanted, and mailed', async () => {
  await world.told(AUTOMATIC, REACHED);
  world.policy.attached.clear();
  await world.brake();
  expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  expect(world.subjects()).toHaveLength(2);
  expect(world.state.brakes.get(AUTOMATIC)?.history.map(({ text }) => text)).toContain(
    'somebody else had detached the policy',
  );
});

test('what somebody detached that is no longer wanted is not the hub’s any more', async () => {
  await world.told(AUTOMATIC, REACHED);
  world.policy.attached.clear();
  world.now = Date.parse('2026-12-01T00:00:00Z');
  await world.brake();
  world.policy.attached.add(AUTOMATIC);
  await world.brake();
  expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  expect(world.policy.changes).toHaveLength(1);
});

test('wanted again after a run that could not detach it, it is attached, and no longer being detached', async () => {
  await world.told(ONE);
  await world.brake({ command: 'stop', account: ONE, by, reason: 'leak' });
  const detach = world.policy.detach.bind(world.policy);
  world.policy.detach = refuse;
  expect(await world.brake({ command: 'lift', account: ONE, by, reason: 'over' })).toMatchObject({
    brake: 'detaching',
  });
  world.policy.detach = detach;
  const again = { command: 'stop', account: ONE, by, reason: 'again' };
  expect(await world.brake(again)).toMatchObject({ brake: 'attached', troubles: [] });
  expect(world.policy.changes).toEqual([{ did: 'attach', account: ONE }]);
  expect(world.mail.sent.at(-1)?.body).toContain('again');
});

test('a run that begins while another acts leaves the account to it: nobody is mailed twice', async () => {
  const attach = world.policy.attach.bind(world.policy);
  world.policy.attach = async (account) => {
    world.policy.attach = attach;
    await world.brake();
    return attach(account);
  };
  await world.told(AUTOMATIC, REACHED);
  expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  expect(world.subjects()).toEqual([`[organization] ${AUTOMATIC}: the brake is attached`]);
});

describe('where the list is late', () => {
  const stale = (...targets: readonly string[]) => void (world.policy.targets = async () => targets);

  test('what was attached a moment ago is attached, and nobody is told twice', async () => {
    await world.told(AUTOMATIC, REACHED);
    stale();
    expect(await world.brake()).toMatchObject({ troubles: [] });
    expect(world.policy.changes).toHaveLength(1);
    expect(world.subjects()).toHaveLength(1);
    expect(world.state.brakes.get(AUTOMATIC)?.history.map(({ text }) => text)).toHaveLength(2);
  });

  test('what is no longer wanted is detached all the same', async () => {
    await world.told(ONE);
    await world.brake({ command: 'stop', account: ONE, by, reason: 'leak' });
    stale();
    await world.brake({ command: 'lift', account: ONE, by, reason: 'over' });
    expect(world.policy.attached.size).toBe(0);
    expect(world.subjects().at(-1)).toBe(`[organization] ${ONE}: the brake is detached`);
  });
});

test('an account that has left the organisation is let be, without a word of a failure', async () => {
  await world.told(AUTOMATIC, REACHED);
  world.policy.missing.add(AUTOMATIC);
  world.policy.attached.clear();
  world.now = Date.parse('2026-12-01T00:00:00Z');
  expect(await world.brake()).toMatchObject({ troubles: [] });
  expect(world.state.brakes.get(AUTOMATIC)).not.toHaveProperty('ours');
});

test('what could never be attached is given up in silence', async () => {
  world.policy.missing.add(AUTOMATIC);
  await world.told(AUTOMATIC, REACHED);
  world.now = Date.parse('2026-12-01T00:00:00Z');
  await world.brake();
  expect(world.subjects()).toEqual([`[organization] ${AUTOMATIC}: the brake could not be attached`]);
  const record = world.state.brakes.get(AUTOMATIC);
  expect([record?.ours, record?.failure]).toEqual([undefined, undefined]);
});

describe('what AWS Organizations refuses', () => {
  test.each([
    ['MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED', 'as many service control policies'],
    ['TargetNotFoundException', 'does not know the account'],
  ])('%s is mailed once, with its fix, and tried again', async (why, fix) => {
    if (why === 'TargetNotFoundException') world.policy.missing.add(AUTOMATIC);
    else world.policy.others.set(AUTOMATIC, 10);
    await world.told(AUTOMATIC, REACHED);
    for (let at = 0; at < 3; at++) {
      world.pass(5);
      expect(await world.brake()).toMatchObject({ troubles: [`${AUTOMATIC}: attach: ${why}`] });
    }
    expect(world.subjects()).toEqual([`[organization] ${AUTOMATIC}: the brake could not be attached`]);
    expect(world.mail.sent[0]?.body).toContain(fix);
    world.policy.missing.clear();
    world.policy.others.clear();
    world.pass(5);
    expect(await world.brake()).toMatchObject({ troubles: [] });
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
    expect(world.state.brakes.get(AUTOMATIC)?.failure).toBeUndefined();
  });

  test('one account that fails holds up no other', async () => {
    world.policy.missing.add(ONE);
    for (const account of [ONE, TWO]) {
      await world.told(account);
      await world.brake({ command: 'stop', account, by, reason: 'leak' });
    }
    expect([...world.policy.attached]).toEqual([TWO]);
  });

  test('a failure to detach says that calls are still denied', async () => {
    await world.told(AUTOMATIC, REACHED);
    world.policy.detach = refuse;
    world.now = Date.parse('2026-12-01T00:00:00Z');
    await world.brake();
    expect(world.mail.sent.at(-1)?.body).toContain('Calls are still denied there.');
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  });
});

describe('where nobody knows what is attached', () => {
  const denied = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 400);

  test('nothing is changed, the run fails, and whoever reads the table learns why', async () => {
    await world.told(AUTOMATIC);
    world.policy.failure = denied;
    await world.hear(AUTOMATIC, { ...REACHED, at: new Date(world.now + 1).toISOString() });
    await expect(world.wake()).rejects.toMatchObject({ errorName: 'AccessDeniedException' });
    await expect(world.brake()).rejects.toMatchObject({ errorName: 'AccessDeniedException' });
    expect(world.policy.changes).toEqual([]);
    expect(world.state.lookedAt).toEqual({ at: world.now, foreign: [], trouble: 'AccessDeniedException' });
  });

  test('an order is kept all the same, and done by the next run that sees', async () => {
    world.policy.failure = throttled();
    const answer = await world.brake({ command: 'stop', account: ONE, by, reason: 'leak' });
    expect(answer).toMatchObject({
      kind: 'ordered',
      brake: 'attaching',
      troubles: ['where the policy is attached is unknown: ThrottlingException'],
    });
    world.policy.failure = undefined;
    await world.brake();
    expect([...world.policy.attached]).toEqual([ONE]);
  });
});

test('a brake that cannot be read is named, changes nothing, and holds up no other', async () => {
  await world.told(AUTOMATIC, REACHED);
  world.state.unread.set(AUTOMATIC, ['BRAKE']);
  await world.told(ONE);
  await world.brake({ command: 'stop', account: ONE, by, reason: 'leak' });
  const answer = await world.brake();
  expect(answer).toMatchObject({
    troubles: [`${AUTOMATIC}: item ACCOUNT#${AUTOMATIC}/BRAKE of hub cannot be read`],
  });
  expect(await world.brake({ command: 'lift', account: AUTOMATIC, by, reason: 'x' })).toMatchObject({
    kind: 'refused',
  });
  expect([...world.policy.attached]).toEqual([AUTOMATIC, ONE]);
  expect(world.state.lookedAt?.foreign).toEqual([]);
});

test('a mail that cannot be sent keeps nobody from attaching, and goes out with the next run, once', async () => {
  world.mail.failure = throttled();
  await world.told(AUTOMATIC, REACHED);
  expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  world.mail.failure = undefined;
  world.pass(2);
  await world.brake();
  await world.brake();
  expect(world.subjects()).toEqual([`[organization] ${AUTOMATIC}: the brake is attached`]);
});

describe('an order that comes while another run acts', () => {
  test('a lift during an attachment: what was attached after it is known, and detached by the next run', async () => {
    const attach = world.policy.attach.bind(world.policy);
    const lift = { command: 'lift', account: AUTOMATIC, by, reason: 'launch' };
    world.policy.attach = async (account) => {
      expect(await world.brake(lift)).toMatchObject({ kind: 'ordered', brake: 'none' });
      return attach(account);
    };
    await world.told(AUTOMATIC, REACHED);
    expect([...world.policy.attached]).toEqual([AUTOMATIC]);
    world.policy.attach = attach;
    const troubles = (await world.brake()) as { readonly troubles: readonly string[] };
    expect(troubles.troubles).not.toContain(`${AUTOMATIC}: ${FOREIGN}`);
    expect([...world.policy.attached]).toEqual([]);
    expect(world.subjects().at(-1)).toContain('the brake is detached');
  });
});

test.each(['AbortError', 'TimeoutError'])('%s is no refusal: whether it is attached is not known', async (why) => {
  world.policy.attach = async () => ({ kind: 'failed', why });
  await world.told(AUTOMATIC, REACHED);
  const [sent] = world.mail.sent;
  expect(sent?.body).toContain('Whether it is attached is not known; the next run looks.');
  expect(sent?.body).not.toMatch(/refused|Nothing is denied/);
});

test('an ordered stop is not lifted until a time, after which nobody would give it back', async () => {
  await world.told(ONE);
  await world.brake({ command: 'stop', account: ONE, by, reason: 'leak' });
  const until = new Date(world.now + 3_600_000).toISOString();
  const order = { command: 'lift', account: ONE, by, reason: 'launch' };
  expect(await world.brake({ ...order, until })).toMatchObject({
    kind: 'refused',
    why: expect.stringContaining('until: ops has ordered this stop'),
  });
  expect([...world.policy.attached]).toEqual([ONE]);
  expect(await world.brake(order)).toMatchObject({ kind: 'ordered', brake: 'none' });
  expect([...world.policy.attached]).toEqual([]);
});

test('a lift of an account that nobody knows is refused, as a stop of it is', async () => {
  const order = { command: 'lift', account: '444444444445', by, reason: 'launch' };
  expect(await world.brake(order)).toMatchObject({ kind: 'refused', why: expect.stringContaining('check the number') });
  expect(world.state.brakes.size).toBe(0);
});

test('a line raised a little does not end a brake that a rise wanted, and its cause goes on', async () => {
  const stopped = { desired: 'stopped', enforced: 'stopped', enforce: true, atLeast: false } as const;
  await world.told(AUTOMATIC, { ...stopped, spentNano: usd(50) });
  world.pass(1);
  await world.told(AUTOMATIC, { ...stopped, spentNano: usd(80) });
  expect([...world.policy.attached]).toEqual([AUTOMATIC]);
  const { accounts, ...rest } = world.organization;
  world.organization = {
    ...rest,
    accounts: { ...accounts, [AUTOMATIC]: { ...accounts[AUTOMATIC]!, limit: usd(101) } },
  };
  await world.brake();
  expect(world.policy.changes).toEqual([{ did: 'attach', account: AUTOMATIC }]);
});
