import { HOUR_MS, DAY_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { makeHandler } from '../../../lambda/health-check/handler';
import { AVAILABLE, legacyRefusal } from '../../../simulator/fakes/health-services';
import {
  CANARY_ARN,
  DENY_BILL_ARN,
  ENV,
  findingOf,
  HealthWorld,
  keyAged,
  LARGE,
  LLAMA,
  NOW,
  scheduled,
  SMALL,
  SWITCH_ARN,
} from '../../helpers/health-world';

const denied = () => new ServiceError('accessDenied', 'AccessDeniedException', 'User is not authorized', 403);
const throttled = () => new ServiceError('throttled', 'ThrottlingException', 'Too many requests', 429);

describe('a run in which all is well', () => {
  it('finds nothing wrong, mails nobody, and keeps the result', async () => {
    const world = new HealthWorld();
    const result = await world.run();
    expect(result.kind).toBe('checked');
    expect(result.document.summary).toEqual({ failed: 0, warning: 0, unknown: 0, expected: 1, ok: 20 });
    expect(world.mail.sent).toEqual([]);
    expect(world.state.record?.document).toEqual(result.document);
  });

  it('makes every check of every subject', async () => {
    const { document } = await new HealthWorld().run();
    expect(document.findings.map(({ check, subject }) => `${check} ${subject}`)).toEqual([
      'identity 111122223333',
      `invoker-role ${ENV.INVOKER_ROLE_ARN}`,
      `model-call ${LLAMA}`,
      `model-call ${SMALL}`,
      `model-call ${LARGE}`,
      `lifecycle ${LLAMA}`,
      `lifecycle ${SMALL}`,
      `lifecycle ${LARGE}`,
      `canary ${SMALL}`,
      'access-key deployer ...MPLE',
      'subscription ti@dadosfera.ai',
      'cost-allocation-tag spend-guard:models',
      'switch spend-guard-switch-dev',
      'policy-room role invoker',
      'policy-room role batch',
      'policy-room user deployer',
      'policy-room group analysts',
      'quota Amazon Nova Lite',
      'reserved-concurrency meter',
      'local-endpoint http://localhost:11434',
      'state-table state',
    ]);
  });

  it('prints lines of status, latency and detail, and one JSON document with its version', async () => {
    const { lines, document } = await new HealthWorld().run();
    expect(lines[3]).toBe(`ok | 0 ms | model-call ${SMALL}: answered (9 tokens in, 1 out)`);
    expect(lines[19]).toBe('expected | - | local-endpoint http://localhost:11434: not visible from AWS');
    expect(document).toMatchObject({ schemaVersion: 1, environment: 'dev', at: '2026-11-23T09:00:00.000Z' });
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
  });

  it('calls each model as the invoker role, and the canary as itself', async () => {
    const world = new HealthWorld();
    await world.run();
    expect(world.aws.calls.filter(({ as }) => as === 'self')).toEqual([{ as: 'self', callAs: CANARY_ARN }]);
    expect(new Set(world.aws.calls.filter(({ as }) => as === 'invoker').map(({ callAs }) => callAs))).toEqual(
      new Set(ENV.MODELS.map(({ callAs }) => callAs)),
    );
  });

  it('sends metrics, those of trouble only when there is some', async () => {
    const world = new HealthWorld();
    await world.run();
    const names = world.metrics.records[0]!.values.map(({ metric }) => metric.name);
    expect(names).toEqual(['SlowestModel']);
  });
});

describe('trap 50: a model’s last months', () => {
  const begun = { status: 'legacy', extendedAccessMs: NOW - DAY_MS } as const;

  it.each(['ResourceNotFoundException', 'ValidationException'] as const)(
    'a Legacy model refused as %s is named, with what to use instead',
    async (name) => {
      const world = new HealthWorld();
      world.model(LLAMA).refusal = legacyRefusal(name);
      const finding = findingOf(await world.run(), 'model-call', LLAMA);
      expect(finding).toMatchObject({ status: 'warning', fix: `use ${SMALL} instead` });
      expect(finding.detail).toMatch(/is Legacy, and closed/);
    },
  );

  it('extended access is said, mailed once, and the meter is told the date', async () => {
    const world = new HealthWorld();
    world.model(SMALL).lifecycle = begun;
    const finding = findingOf(await world.run(), 'list-price', SMALL);
    expect(finding).toMatchObject({ status: 'warning', fix: expect.stringContaining('prices of config') });
    expect(world.mail.sent).toHaveLength(1);
    expect(world.state.dates).toEqual({ [SMALL]: begun.extendedAccessMs });
  });

  it('a date that Bedrock does not answer for this hour stands; asking on demand writes nothing', async () => {
    const world = new HealthWorld();
    world.state.dates = { [SMALL]: 7 };
    const catalog = { ...world.aws.catalog, lifecycle: () => Promise.reject(throttled()) };
    await makeHandler({ ...world.deps(), catalog }, world.env)(scheduled(NOW));
    expect(world.state.dates).toEqual({ [SMALL]: 7 });
    await new HealthWorld().run();
    const asked = new HealthWorld();
    asked.model(SMALL).lifecycle = begun;
    await makeHandler(asked.deps(), asked.env)({});
    expect(asked.state.dates).toEqual({});
  });

  it('several entries of one base id: Bedrock is asked of it once, each is called', async () => {
    const entries = ['us', 'global'].map((scope) => ({
      ...ENV.MODELS[1]!,
      ...{ id: `${scope}.${SMALL}`, callAs: `${scope}.${SMALL}` },
    }));
    const world = new HealthWorld({ ...ENV, MODELS: entries });
    const asked: string[] = [];
    const catalog = {
      lifecycle: async (modelId: string) => (asked.push(`life ${modelId}`), { status: 'active' as const }),
      availability: async (modelId: string) => (asked.push(`access ${modelId}`), AVAILABLE),
    };
    for (const { id } of entries) world.model(id).refusal = denied();
    const { document } = await makeHandler({ ...world.deps(), catalog }, world.env)({});
    expect(asked.sort()).toEqual([`access ${SMALL}`, `life ${SMALL}`]);
    const calls = document.findings.filter(({ check }) => check === 'model-call');
    expect(calls.map(({ subject }) => subject)).toEqual(entries.map(({ id }) => id));
  });
});

describe('what the guard itself denies', () => {
  it('trap 42: a stop leaves the canary alone: it is called by a role and a profile outside the deny', async () => {
    const world = new HealthWorld();
    world.switchTo('stopped');
    world.state.meter.set('2026-11' as never, 'stopped');
    const result = await world.run();
    expect(findingOf(result, 'canary').status).toBe('ok');
    expect([...world.state.canaries.values()]).toEqual([
      expect.objectContaining({ profileId: 'canary0000', modelId: SMALL, inputTokens: 9, outputTokens: 1 }),
    ]);
    expect(world.state.canaries.has('2026-11-23T09:00Z')).toBe(true);
    for (const id of [LLAMA, SMALL, LARGE]) expect(findingOf(result, 'model-call', id).status).toBe('expected');
    expect(world.metrics.latest('HealthFailures')).toBeUndefined();
  });

  it('degraded: the large models are expected to be denied, the small ones to answer', async () => {
    const world = new HealthWorld();
    world.switchTo('degraded');
    world.state.meter.set('2026-11' as never, 'degraded');
    const result = await world.run();
    expect(findingOf(result, 'model-call', LARGE).status).toBe('expected');
    expect(findingOf(result, 'model-call', SMALL).status).toBe('ok');
  });

  it('stopped by AWS Budgets alone, without a meter: expected', async () => {
    const world = new HealthWorld();
    world.principal('invoker').policyArns.push(DENY_BILL_ARN);
    expect(findingOf(await world.run(), 'model-call', SMALL)).toMatchObject({
      status: 'expected',
      detail: 'denied by the guard itself: deny-bill is attached, by AWS Budgets',
    });
  });

  it('a denial while the switch says open is a failure, whatever its text says of denies', async () => {
    const world = new HealthWorld();
    world.state.meter.set('2026-11' as never, 'stopped');
    const text = 'with an explicit deny in an identity-based policy: spend-guard-switch-dev';
    world.model(SMALL).refusal = new ServiceError('accessDenied', 'AccessDeniedException', text, 403);
    expect(findingOf(await world.run(), 'model-call', SMALL).status).toBe('failed');
  });

  it('a denial by a switch that the invoker role does not have is not the guard’s', async () => {
    const world = new HealthWorld();
    world.switchTo('stopped');
    world.principal('invoker').policyArns = [];
    world.model(SMALL).refusal = denied();
    const result = await world.run();
    expect(findingOf(result, 'model-call', SMALL).status).toBe('failed');
    expect(findingOf(result, 'policy-room', 'invoker')).toMatchObject({
      status: 'failed',
      fix: expect.stringMatching(/^deploy/),
    });
  });

  it('a version that is nobody’s text is told from its content, and whom it denies is unknown', async () => {
    const world = new HealthWorld();
    world.switchTo(undefined);
    const result = await world.run();
    expect(findingOf(result, 'switch').status).toBe('failed');
    expect(findingOf(result, 'model-call', SMALL)).toMatchObject({
      status: 'unknown',
      detail: expect.stringMatching(/the guard has not written the version of the switch in effect$/),
    });
  });
});

describe('whom a stop reaches, looked at before there is one', () => {
  const developer = 'AWSReservedSSO_Developer_0123456789abcdef';
  const withSets = (...PERMISSION_SETS: string[]) => new HealthWorld({ ...ENV, PERMISSION_SETS });

  it('somebody of the configuration without the switch, or with no room for it, is mailed about', async () => {
    const world = new HealthWorld();
    world.principal('batch').policyArns = Array.from({ length: 10 }, (_, at) => `arn:${at}`);
    expect(findingOf(await world.run(), 'policy-room', 'batch')).toMatchObject({ status: 'failed' });
    expect(world.mail.sent.map(({ subject }) => subject)).toEqual(['[health] dev: failed: policy-room role batch']);
  });

  it('without a budgets action the switch is all that must fit', async () => {
    const full = [SWITCH_ARN, ...Array.from({ length: 9 }, (_, at) => `arn:${at}`)];
    const statusWith = async (BILL_ACTION: 'true' | 'false') => {
      const world = new HealthWorld({ ...ENV, BILL_ACTION });
      world.principal('batch').policyArns = full;
      return findingOf(await world.run(), 'policy-room', 'batch').status;
    };
    expect([await statusWith('true'), await statusWith('false')]).toEqual(['warning', 'ok']);
  });

  it.each([
    [[], 'ok'],
    [[SWITCH_ARN], 'ok'],
    [['arn:aws:iam::aws:policy/PowerUserAccess'], 'failed'],
  ])('a permission set whose role has %j: %s', async (policyArns, status) => {
    const world = withSets('Developer');
    if (policyArns.length > 0) world.aws.principals.push({ kind: 'role', name: developer, policyArns });
    expect(findingOf(await world.run(), 'permission-set', 'Developer').status).toBe(status);
  });

  it('without permission sets nobody lists the account’s roles', async () => {
    const world = new HealthWorld();
    const port = jest.spyOn(world.aws.permissionSetRoles, 'roles');
    expect((await world.run()).document.findings.some(({ check }) => check === 'permission-set')).toBe(false);
    expect(port).not.toHaveBeenCalled();
  });
});

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

describe('deliveries', () => {
  it.each([
    ['the same one again', 0],
    ['one of an hour before, late', -HOUR_MS],
  ])('%s changes nothing and asks nobody', async (_, shift) => {
    const world = new HealthWorld();
    const first = await world.run();
    const calls = world.aws.calls.length;
    const again = await world.run(scheduled(NOW + shift));
    expect(again).toEqual({ ...first, kind: 'repeated' });
    expect(world.aws.calls).toHaveLength(calls);
    expect(world.state.record?.revision).toBe(1);
  });

  it('two at the same time: one is kept, and what is new is mailed once', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const kinds = (await Promise.all([world.run(), world.run()])).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['checked', 'overtaken']);
    expect(world.mail.sent).toHaveLength(1);
  });

  it('who asks on demand gets a fresh answer; people are told by the next scheduled run', async () => {
    const world = new HealthWorld();
    await world.run();
    world.model(SMALL).refusal = denied();
    const asked = await world.run({});
    expect(asked.document.trigger).toEqual({ source: 'on-demand' });
    expect(findingOf(asked, 'model-call', SMALL).status).toBe('failed');
    expect(world.mail.sent).toEqual([]);
    world.now += HOUR_MS;
    await world.run();
    expect(world.mail.sent).toHaveLength(1);
  });

  it.each([
    [null],
    ['schedule'],
    [[]],
    [{ source: 'aws.events' }],
    [{ source: 'schedule' }],
    [{ source: 'schedule', scheduledAt: 'yesterday' }],
    [{ source: 'schedule', scheduledAt: 7 }],
    [{ source: 'schedule', scheduledAt: '2099-01-01T00:00:00Z' }],
  ])('refuses the event %j', async (event) => {
    const world = new HealthWorld();
    await expect(world.run(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    expect(world.aws.calls).toEqual([]);
  });

  it('a clock across DST: hours are counted in UTC, so that none is lost and none counted twice', async () => {
    // New York fell back at 06:00Z on 1 November 2026.
    const world = new HealthWorld();
    world.aws.users.set('deployer', [keyAged(0, { createdAtMs: Date.parse('2026-10-02T05:30:00Z') })]);
    const kinds: string[] = [];
    const statuses: string[] = [];
    for (let at = Date.parse('2026-11-01T04:30:00Z'); at <= Date.parse('2026-11-01T07:30:00Z'); at += HOUR_MS) {
      world.now = at;
      const result = await world.run(scheduled(at));
      kinds.push(result.kind);
      statuses.push(findingOf(result, 'access-key').status);
    }
    expect(kinds).toEqual(['checked', 'checked', 'checked', 'checked']);
    expect(statuses).toEqual(['ok', 'ok', 'warning', 'warning']);
  });
});

describe('the state table out of order', () => {
  it('unreadable: the checks are made and counted, nothing is overwritten and nothing mailed', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const save = jest.fn();
    const deps = {
      ...world.deps(),
      state: Object.assign(Object.create(world.state), { last: () => Promise.reject(denied()), save }),
    };
    const result = await world.run(undefined, deps);
    expect(findingOf(result, 'state-table').status).toBe('failed');
    expect(world.metrics.latest('HealthFailures')).toBe(2);
    expect(save).not.toHaveBeenCalled();
    expect(world.mail.sent).toEqual([]);
  });

  it('unwritable: the run ends in an error, so that the alarm on errors speaks, and nothing is mailed', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const deps = {
      ...world.deps(),
      state: Object.assign(Object.create(world.state), { save: () => Promise.reject(denied()) }),
    };
    await expect(world.run(undefined, deps)).rejects.toThrow('AccessDeniedException');
    expect(world.mail.sent).toEqual([]);
  });
});

describe('the cost allocation tag', () => {
  it('is asked for once a day, as Cost Explorer may charge for it, and the answer held in between', async () => {
    const world = new HealthWorld();
    world.tag = { kind: 'known', state: 'inactive' };
    for (let at = NOW; at < NOW + 2 * DAY_MS; at += HOUR_MS) {
      world.now = at;
      expect(findingOf(await world.run(), 'cost-allocation-tag').status).toBe('warning');
    }
    expect(world.tagAsked).toBe(2);
    expect(world.mail.sent).toHaveLength(1);
  });

  it('is asked for again at the next run while there is no answer', async () => {
    const world = new HealthWorld();
    world.tag = { kind: 'unavailable', why: 'throttled' };
    expect(findingOf(await world.run(), 'cost-allocation-tag').status).toBe('unknown');
    world.now += HOUR_MS;
    await world.run();
    expect(world.tagAsked).toBe(2);
  });

  it('is not asked for where no budget filters on it', async () => {
    const world = new HealthWorld({ ...ENV, TAG_KEY: '' });
    const { document } = await world.run();
    expect(document.findings.some(({ check }) => check === 'cost-allocation-tag')).toBe(false);
    expect(world.tagAsked).toBe(0);
  });
});

it('with nothing configured there is nothing to check, and that is no error', async () => {
  const world = new HealthWorld({
    ...ENV,
    MODELS: [],
    CANARY: null,
    PRINCIPALS: { roles: [], users: [], groups: [] },
    PERMISSION_SETS: [],
    ALERT_EMAILS: [],
    ASSUMED_QUOTAS: [],
  });
  const { document } = await world.run();
  expect(document.summary).toMatchObject({ failed: 0, warning: 0, unknown: 0 });
});
