import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { usd } from '../../core/money';
import { changed, NOW } from './changed-guard';

describe('the shipped configuration', () => {
  const { environments, notices } = loadGuard(shipped, NOW);
  const named = (name: string) => environments.find((environment) => environment.name === name)!;

  test.each([
    ['dev', 50, 80, 'nonProduction'],
    ['staging', 100, 75, 'nonProduction'],
    ['prod', 200, 70, 'production'],
  ] as const)('%s has $%i, its own alert at %i%%, class %s', (name, limit, ownAlert, environmentClass) => {
    const environment = named(name);
    expect(environment.limit).toBe(usd(limit));
    expect(environment.class).toBe(environmentClass);
    expect(environment.thresholds).toContainEqual({ atPercent: ownAlert, effect: 'notify', basis: 'actual' });
    expect(environment.thresholds).toContainEqual({ atPercent: 95, effect: 'stop', basis: 'actual' });
    expect(environment.thresholds).toContainEqual({ atPercent: 100, effect: 'notify', basis: 'forecast' });
    expect(environment.owner).toBe('ti@dadosfera.ai');
    expect(environment.dailyLimit).toBe(usd(limit / 5));
    expect(environment.hourlyBrake).toBe(usd(limit / 10));
    expect(environment.report).toEqual({ hour: 8, minute: 0, timeZone: 'America/Sao_Paulo' });
    expect(environment.provisionedConcurrency).toMatchObject([
      { functionName: `deployer-ddf-llm-models-${name}`, optional: true },
    ]);
  });

  test('trap 34: the own alert of staging equals a standard one and counts once', () => {
    const notify = named('staging').thresholds.filter(({ effect, basis }) => effect === 'notify' && basis === 'actual');
    expect(notify.map(({ atPercent }) => atPercent)).toEqual([50, 75, 90]);
  });

  test('degrade at 90 in all but production', () => {
    const degrades = (name: string) => named(name).thresholds.some(({ effect }) => effect === 'degrade');
    expect([degrades('dev'), degrades('staging'), degrades('prod')]).toEqual([true, true, false]);
  });

  test('only production waits for a person before the bill stops it', () => {
    expect(environments.map(({ billAction }) => billAction.kind)).toEqual(['automatic', 'automatic', 'needsApproval']);
  });

  test('traps 8 and 50: Llama is optional and Legacy, so left out and named; CodeLlama is replaced by a code model', () => {
    const { models } = named('dev');
    expect(models.filter(({ tier }) => tier === 'small').map(({ id }) => id)).toEqual(['amazon.nova-lite-v1:0']);
    const replaced = models.find(({ replaces }) => replaces === 'meta.codellama-34b-instruct-v1:0')!;
    expect(replaced).toMatchObject({ tier: 'large', id: expect.stringMatching(/cod/i) });
    const texts = notices.filter(({ environment }) => environment === 'dev').map(({ text }) => text);
    expect(texts).toContainEqual(expect.stringMatching(/does not offer meta\.codellama.*is used instead/));
    expect(texts).toContainEqual(
      expect.stringMatching(/llama3-1-70b.*Legacy.*2027-03-30.*left out.*legacy: 'include'/),
    );
  });

  test('says that nobody may assume the role yet', () => {
    const text: unknown = expect.stringContaining('nobody may assume');
    expect(notices).toContainEqual({ environment: 'dev', text, about: 'assumableBy' });
  });
});

test('names are free: a fourth environment works', () => {
  const environments = {
    ...shipped.environments,
    'research-2': { ...shipped.environments['dev']!, monthlyLimitUsd: 7.5 },
  };
  const loaded = loadGuard({ environments }, NOW);
  expect(loaded.environments.map(({ name }) => name)).toEqual(['dev', 'staging', 'prod', 'research-2']);
  expect(loaded.environments[3]!.limit).toBe(usd('7.5'));
});

describe('opt-ins say their risk', () => {
  test('production stopped by the bill alone, at 120%', () => {
    const { environments, notices } = loadGuard(
      changed('prod', { billAction: { automaticAtPercent: 120, acceptRisk: 'the board wants it' } }),
      NOW,
    );
    expect(environments[2]!.billAction).toEqual({
      kind: 'automatic',
      atPercent: 120,
      acceptedRisk: 'the board wants it',
    });
    expect(notices.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/stops prod by itself at 120%.*the board wants it/),
    );
  });

  test('percentages above 100', () => {
    const { environments } = loadGuard(changed('dev', { stopAtPercent: 110, allowAboveLimit: 'a pilot' }), NOW);
    expect(environments[0]!.stopAtPercent).toBe(110);
  });
});
