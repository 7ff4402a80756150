import { HOUR_MS } from '../../../core/calendar';
import { denied } from '../../helpers/health-refusals';
import { CANARY_ARN, ENV, HealthWorld, LARGE, LLAMA, SMALL } from '../../helpers/health-world';

describe('a run in which all is well', () => {
  it('finds nothing wrong, mails nobody, and keeps the result', async () => {
    const world = new HealthWorld();
    const result = await world.run();
    expect(result.kind).toBe('checked');
    expect(result.document.summary).toEqual({ failed: 0, warning: 0, unknown: 0, expected: 1, ok: 19 });
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
    expect(lines[18]).toBe('expected | - | local-endpoint http://localhost:11434: not visible from AWS');
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

  it('mails at once what breaks, and raises the alarm once the same is broken in two runs on end', async () => {
    const world = new HealthWorld();
    const findings = [];
    for (const refused of [[SMALL], [LARGE], [SMALL, LARGE], [LARGE], []]) {
      for (const id of [SMALL, LARGE]) world.model(id).refusal = refused.includes(id) ? denied() : undefined;
      world.now += HOUR_MS;
      await world.run();
      findings.push([world.metrics.latest('HealthFailures'), world.metrics.latest('Findings')]);
    }
    expect(findings).toEqual([
      [1, undefined],
      [1, undefined],
      [2, 1],
      [1, 1],
      [undefined, undefined],
    ]);
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
