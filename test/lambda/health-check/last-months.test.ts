import { DAY_MS } from '../../../core/calendar';
import { makeHandler } from '../../../lambda/health-check/handler';
import { AVAILABLE, legacyRefusal } from '../../../simulator/fakes/health-services';
import { ENV, findingOf, HealthWorld, LLAMA, NOW, scheduled, SMALL } from '../../helpers/health-world';
import { throttled, denied } from '../../helpers/health-refusals';

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
    expect(finding).toMatchObject({ status: 'warning', fix: expect.stringContaining('prices of the config') });
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
