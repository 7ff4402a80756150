import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../client/config';
import { isStackOutput } from '../../core/in-path/config';
import { clientConfig, clientConfigFile } from '../../lib/client-config';
import { environmentOf, PRINCIPALS, stackOf, templateFor } from '../helpers/stack';

function written(name: string, changes: Readonly<Record<string, unknown>> = {}) {
  const environment = environmentOf(name, changes);
  // As the file has it: what JSON does not keep is not in it.
  const config = JSON.parse(JSON.stringify(clientConfig(stackOf(environment), environment))) as ReturnType<
    typeof clientConfig
  >;
  return { environment, config };
}

describe.each(['dev', 'staging', 'prod'])('what synth writes for the plugin of %s', (name) => {
  const { environment, config } = written(name);
  const template = templateFor(environment).toJSON() as { Outputs: Record<string, unknown> };

  test('names outputs that its stack has, and nothing that only a deployment knows', () => {
    const named = [config.leasesTable, ...config.models.map(({ profile }) => profile)].filter(isStackOutput);
    expect(named).toHaveLength(1 + environment.models.length);
    for (const { stack, output } of named) {
      expect(stack).toBe(`SpendGuard-${name}`);
      expect(Object.keys(template.Outputs)).toContain(output);
    }
    expect(JSON.stringify(config)).not.toMatch(/Token\[|\$\{/);
  });

  test('is what the plugin takes, once its outputs are known', () => {
    const outputs = Object.fromEntries(Object.keys(template.Outputs).map((output) => [output, `value of ${output}`]));
    const loaded = loadConfig({ config, outputs: { [`SpendGuard-${name}`]: outputs } });
    expect(loaded.limit).toBe(environment.limit);
    expect(loaded.models.map(({ id, price, shortContext }) => [id, price, shortContext])).toEqual(
      environment.models.map(({ id, price, shortContext }) => [id, price, shortContext]),
    );
    expect(loaded.requestLimits).toEqual(environment.requestLimits);
    expect(loaded.leasesTable).toBe('value of LeasesTableName');
  });

  test('has small models before large ones, and local ones by the tags of Ollama', () => {
    const tiers = config.models.map(({ tier }) => tier);
    expect(tiers).toEqual([...tiers].sort((a, b) => (a === b ? 0 : a === 'small' ? -1 : 1)));
    expect(config.localModels.models).toEqual(['llama3.1:8b', 'mistral:7b']);
  });
});

test.each([
  ['anthropic.claude-haiku-4-5-20251001-v1:0', 64_000],
  ['amazon.nova-pro-v1:0', undefined],
])('%s ends its answers at %s tokens, as its document says or does not', (id, tokens) => {
  const { config } = written('dev', {
    models: {
      local: { endpoint: 'http://localhost:11434', models: [] },
      small: [{ id }],
      large: [{ id: 'meta.llama3-3-70b-instruct-v1:0' }],
    },
  });
  expect(config.models.find((model) => model.id === id)?.maxOutputTokens).toBe(tokens);
});

test('an environment of its own account calls models by their own ids', () => {
  const { config } = written('dev', { identity: 'direct', account: '123456789012' });
  for (const { profile, calledId } of config.models) {
    expect(profile).toBeUndefined();
    expect(calledId).toMatch(/^(us\.|global\.)?[a-z]+\./);
  }
});

describe('budgets within the environment', () => {
  test('are listed by path, each after those it is within, without whose they are', () => {
    const { config } = written('dev', {
      principals: PRINCIPALS,
      budgets: {
        'search/nightly': { dailyLimitUsd: 2, rollover: { upToUsd: 4 }, roles: ['app'] },
        search: { weeklyLimitUsd: 0.5 },
      },
    });
    expect(config.budgets).toEqual([
      { path: 'search', period: 'week', limit: 500_000_000 },
      { path: 'search/nightly', period: 'day', limit: 2_000_000_000, rolloverUpTo: 4_000_000_000 },
    ]);
  });

  test('are not spoken of where there are none', () => {
    expect(Object.keys(written('dev').config)).not.toContain('budgets');
  });
});

test('a file each', () => {
  expect(clientConfigFile('dev')).toBe('spend-guard-client.dev.json');
});
