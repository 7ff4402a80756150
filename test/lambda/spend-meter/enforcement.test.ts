import { MINUTE_MS } from '../../../core/calendar';
import { stateOf, switchDocument } from '../../../core/enforcement/switch-document';
import { ServiceError } from '../../../core/errors';
import { sha256 } from '../../../lambda/digest';
import { BILL_ARN, LARGE, SpendMeterWorld, SWITCH_ARN } from '../../helpers/spend-meter-world';
import { EVERYBODY, installed, lastState, spentEarlier } from './installed';

const SCOPE = { partition: 'aws', account: '123456789012', smallModels: ['amazon.nova-lite-v1:0'] };

describe('converging', () => {
  async function stopped(overrides = {}) {
    const world = await installed('2026-11-10T12:00:00Z', overrides);
    world.spend(96);
    await world.run(8);
    expect(await world.denied()).toEqual(EVERYBODY);
    return world;
  }

  test('trap 23: an admin who takes the switch off is repaired within a tick, and told', async () => {
    const world = await stopped();
    await world.attachments.detach(SWITCH_ARN, { kind: 'role', name: 'app' });
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.mail.sent.at(-1)).toMatchObject({
      subject: '[meter] dev somebody changed the switch; repaired',
      body: expect.stringContaining('The switch had been detached from role app') as unknown,
    });
    await world.run(3);
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toHaveLength(1);
  });

  test('an admin who puts another version in effect is repaired within a tick, and told', async () => {
    const world = await stopped();
    const open = (await world.switchVersions.list()).find(({ document }) => stateOf(document, sha256) === 'open');
    await world.switchVersions.setDefault(open!.id);
    await world.run(1);
    expect(await world.inEffect()).toBe('stopped');
    expect(world.mail.sent.at(-1)?.body).toContain(
      'the version for open had been put in effect in place of the one for stopped',
    );
    await world.run(3);
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toHaveLength(1);
  });

  test.each(['open', 'degraded', 'stopped'] as const)(
    'an admin who edits the version for %s: the next tick puts the right one in effect and the text goes',
    async (state) => {
      const world = await stopped();
      const document = switchDocument(state, SCOPE, sha256);
      world.switchVersions.edit({
        ...document,
        Statement: [{ ...document.Statement[0], Action: 'bedrock:InvokeModel' }],
      });
      expect(await world.inEffect()).toBeUndefined();
      await world.run(1);
      expect(await world.inEffect()).toBe('stopped');
      expect(await world.switchVersions.list()).toHaveLength(3);
      expect(world.subjects().filter((subject) => subject.includes('repaired'))).toHaveLength(1);
    },
  );

  test('a version that is missing when it is needed is written within the tick', async () => {
    const world = await installed();
    const stop = (await world.switchVersions.list()).find(({ document }) => stateOf(document, sha256) === 'stopped');
    await world.switchVersions.remove(stop!.id);
    world.spend(96);
    await world.run(1);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.switchDeploy.orders).toContain('repair');
  });

  test('everybody has the switch from the deployment on: a stop is one call', async () => {
    const world = await installed();
    expect(await world.held()).toEqual(EVERYBODY);
    const before = world.switchVersions.calls.setDefault;
    world.spend(96);
    await world.run(8);
    expect(world.switchVersions.calls.setDefault).toBe(before + 1);
  });

  test('trap 35: a principal that cannot be given the switch is paged by name once, before anything must be stopped', async () => {
    const world = new SpendMeterWorld('2026-11-10T12:00:00Z');
    world.refusals.set('bot', 'LimitExceededException');
    await world.deploySwitch();
    await world.run(10);
    const pages = world.mail.sent.filter(({ subject }) => subject.includes('no switch'));
    expect(pages).toHaveLength(1);
    expect(pages[0]).toMatchObject({
      subject: '[meter] dev no switch, no stop: user bot',
      body: expect.stringContaining('the switch could not be attached (LimitExceededException)') as unknown,
    });
    world.spend(96);
    await world.run(8);
    expect(await world.denied()).toEqual(['group people', 'role app']);
    expect((await lastState(world)).enforcement.stoppedSince).toBeUndefined();
    world.refusals.clear();
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
    expect(world.subjects()).toContain('[meter] dev everybody has the switch');
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toEqual([]);
  });

  test('a principal that no longer exists is named; the rest goes on', async () => {
    const world = await installed();
    world.attachments.remove({ kind: 'role', name: 'app' });
    world.spend(96);
    await world.run(6);
    expect(world.subjects()).toContain('[meter] dev no switch, no stop: role app');
    expect(await world.denied()).toEqual(['group people', 'user bot']);
  });

  test('somebody whom a deployment drops while stopped is let go by it; the meter takes the switch off nobody', async () => {
    const world = await stopped();
    world.variables = { ...world.variables, PRINCIPALS: '{"roles":[],"users":[],"groups":[]}' };
    await world.run(2);
    expect(await world.denied()).toEqual(EVERYBODY);
    await world.deploySwitch();
    expect(await world.denied()).toEqual(['role app']);
    await world.run(1);
    expect(world.subjects().filter((subject) => subject.includes('repaired'))).toEqual([]);
  });

  test('trap 59: deny-bill that no action accounts for is told once with the command, and lifted where spend is under the line', async () => {
    const world = await installed();
    world.spend(3);
    world.budgetActions.status = 'STANDBY';
    await world.attachments.attach(BILL_ARN, { kind: 'role', name: 'app' });
    await world.run(1);
    expect(await world.attachments.attachedTo(BILL_ARN)).toEqual([]);
    const told = world.mail.sent.filter(({ subject }) => subject.includes('deny-bill is left'));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toContain(`aws iam detach-role-policy --role-name app --policy-arn ${BILL_ARN}`);
  });

  test.each([
    ['its action is executed', 'EXECUTION_SUCCESS', 3, 0],
    ['spend is at the line', 'STANDBY', 95, 1],
    ['spend is just below the line', 'STANDBY', 94.999999, 1],
  ] as const)('deny-bill while %s', async (_what, status, dollars, told) => {
    const world = await installed();
    spentEarlier(world, dollars);
    await world.run(1);
    world.budgetActions.status = status;
    await world.attachments.attach(BILL_ARN, { kind: 'role', name: 'app' });
    await world.run(3);
    const isLifted = status === 'STANDBY' && dollars < 95;
    expect(await world.attachments.attachedTo(BILL_ARN)).toHaveLength(isLifted ? 0 : 1);
    expect(world.subjects().filter((subject) => subject.includes('deny-bill is left'))).toHaveLength(told);
  });

  test('spend after the stop is a leak: critical, by model, once what was in flight has had its time', async () => {
    const world = await stopped();
    world.spend(1);
    await world.run(10);
    expect(world.subjects().filter((subject) => subject.includes('CRITICAL'))).toEqual([]);
    world.spend(2, LARGE);
    await world.run(16);
    expect(world.subjects().filter((subject) => subject.includes('CRITICAL'))).toEqual([
      '[meter] dev CRITICAL: spend after the stop: amazon.nova-pro-v1:0',
    ]);
    expect(world.mail.sent.at(-1)?.body).toContain('$2.00 since the stop');
  });

  test('trap 29: running batch jobs of the environment are stopped, the others are left alone', async () => {
    const world = await installed();
    const job = (name: string, roleArn: string) => ({
      arn: `arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/${name}`,
      name,
      modelId: 'amazon.nova-lite-v1:0',
      roleArn,
    });
    const role = 'arn:aws:iam::123456789012:role/batch';
    world.batchJobs.submit(job('tagged', role), 'dev');
    world.batchJobs.submit(job('as-app', 'arn:aws:iam::123456789012:role/team/app'));
    world.batchJobs.submit(job('foreign', role), 'staging');
    world.spend(96);
    await world.run(6);
    expect((await world.batchJobs.running('us-east-1')).map(({ name }) => name)).toEqual(['foreign']);
    expect(world.subjects()).toContain('[meter] dev batch jobs stopped: 2');
  });

  test('stopBatchJobs false leaves them', async () => {
    const world = await installed('2026-11-10T12:00:00Z', { STOP_BATCH_JOBS: 'false' });
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/x';
    world.batchJobs.submit({ arn, name: 'x', modelId: 'm', roleArn: 'arn:aws:iam::1:role/app' }, 'dev');
    world.spend(96);
    await world.run(6);
    expect(await world.batchJobs.running('us-east-1')).toHaveLength(1);
  });

  test('dry run: everything is decided and mailed, nobody is denied, and what was attached is let go', async () => {
    const world = await stopped();
    world.variables = { ...world.variables, ENFORCE: 'false' };
    await world.run(1);
    expect(await world.denied()).toEqual([]);
    expect((await lastState(world)).desired).toBe('open');
    const dry = await installed('2026-11-10T12:00:00Z', { ENFORCE: 'false' });
    dry.spend(96);
    await dry.run(6);
    expect(await dry.denied()).toEqual([]);
    expect(dry.status.status?.desired).toBe('open');
    const [mail] = dry.mail.sent.filter(({ subject }) => subject.includes('95%'));
    expect(mail?.subject).toContain('dry run');
    expect(mail?.body).toContain('nobody is denied');
  });

  test('IAM that cannot be listed: the version that was told before is put in effect all the same, and the run says so', async () => {
    const world = await installed();
    world.spend(96);
    const throttled = new ServiceError('throttled', 'Throttling', 'slow down', 400);
    const attachedTo = world.attachments.attachedTo.bind(world.attachments);
    world.attachments.attachedTo = () => Promise.reject(throttled);
    world.switchVersions.refuse('list', throttled);
    world.now += 5 * MINUTE_MS;
    await expect(world.tick()).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
    world.attachments.attachedTo = attachedTo;
    world.switchVersions.heal();
    expect(await world.denied()).toEqual(EVERYBODY);
  });
});
