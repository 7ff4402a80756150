import { HOUR_MS } from '../../../core/calendar';
import { ENV, HealthWorld, LARGE, scheduled, SMALL } from '../../helpers/health-world';
import { denied, throttled } from '../../helpers/health-refusals';

describe('mails', () => {
  it('tells of a failure once, and of its end once', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    await world.run();
    world.now += HOUR_MS;
    await world.run();
    delete world.model(SMALL).refusal;
    world.now += HOUR_MS;
    await world.run();
    world.now += HOUR_MS;
    await world.run();
    expect(world.mail.sent.map(({ subject }) => subject)).toEqual([
      `[health] dev: failed: model-call ${SMALL}`,
      `[health] dev: recovered: model-call ${SMALL}`,
    ]);
    expect(world.mail.sent[0]!.body).toContain('AccessDeniedException');
  });

  it('a throttle in between is neither a recovery nor a new failure', async () => {
    const world = new HealthWorld();
    for (const refusal of [denied(), throttled(), denied()]) {
      world.model(SMALL).refusal = refusal;
      await world.run();
      world.now += HOUR_MS;
    }
    expect(world.mail.sent).toHaveLength(1);
  });

  it('what could not be mailed is mailed by the retry, once', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const event = scheduled(world.now);
    const broken = { ...world.deps(), mail: { send: () => Promise.reject(denied()) } };
    await expect(world.run(event, broken)).rejects.toThrow('AccessDeniedException');
    world.now += 60_000;
    expect((await world.run(event)).kind).toBe('repeated');
    expect((await world.run(event)).kind).toBe('repeated');
    expect(world.mail.sent).toHaveLength(1);
  });

  it('what nobody retried is mailed by the next run, with what is new by then', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const broken = { ...world.deps(), mail: { send: () => Promise.reject(denied()) } };
    await expect(world.run(undefined, broken)).rejects.toThrow();
    world.now += HOUR_MS;
    world.model(LARGE).refusal = denied();
    await world.run();
    expect(world.mail.sent.map(({ subject }) => subject)).toEqual([
      `[health] dev: failed: model-call ${SMALL}`,
      `[health] dev: failed: model-call ${LARGE}`,
    ]);
  });

  it('a duplicate that arrives while the first run is mailing does not mail again', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const event = scheduled(world.now);
    const mailing = {
      ...world.deps(),
      mail: { send: async () => expect((await world.run(event)).kind).toBe('repeated') },
    };
    await world.run(event, mailing);
    expect(world.mail.sent).toEqual([]);
    expect(world.state.record?.outbox).toEqual([]);
  });

  it('subjects keep to 100 ASCII characters', async () => {
    const world = new HealthWorld({
      ...ENV,
      ENVIRONMENT: 'a-long-environment-name0',
      ALERT_EMAILS: [`${'x'.repeat(80)}@example.com`],
    });
    world.aws.subscriptions = [];
    await world.run();
    expect(world.mail.sent[0]!.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
});
