import { ServiceError } from '../../../core/errors';
import { DENY_BILL_ARN, findingOf, HealthWorld, LARGE, LLAMA, SMALL } from '../../helpers/health-world';
import { denied } from '../../helpers/health-refusals';

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
