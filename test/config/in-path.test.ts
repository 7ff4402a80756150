import { describe, expect, test } from '@jest/globals';
import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { ConfigError } from '../../config/problems';
import type { GuardInput } from '../../config/schema';
import { usd } from '../../core/money';

const NOW = Date.parse('2026-11-23T00:00:00Z');

function loaded(inPath: unknown, name = 'dev') {
  const environments = structuredClone(shipped.environments) as Record<string, object>;
  environments[name] = { ...environments[name], ...(inPath === undefined ? {} : { inPath }) };
  const guard = loadGuard({ ...shipped, environments } as GuardInput, NOW);
  return guard.environments.find((environment) => environment.name === name)?.inPath;
}

describe('how callers with the plugin share the budget', () => {
  test('absent: to the last call, closed while the table is away', () => {
    expect(loaded(undefined)).toEqual({ mode: 'exact', defaultMaxTokens: 2_048, whenAway: { kind: 'closed' } });
  });

  test('production goes on through an outage, up to 1% of its limit a process', () => {
    expect(loaded(undefined, 'prod')).toMatchObject({ whenAway: { kind: 'open', cap: usd(2) } });
    expect(loaded({ whenAway: 'closed' }, 'prod')).toMatchObject({ whenAway: { kind: 'closed' } });
  });

  test('each by itself', () => {
    expect(loaded({ mode: 'lease' })).toMatchObject({ mode: 'lease', defaultMaxTokens: 2_048 });
    expect(loaded({ defaultMaxTokens: 1 })).toMatchObject({ mode: 'exact', defaultMaxTokens: 1 });
    expect(loaded({ whenAway: { openUpToUsd: 0.5 } })).toMatchObject({ whenAway: { kind: 'open', cap: usd('0.5') } });
  });

  test.each<[string, unknown, string]>([
    ['a mode that is none', { mode: 'fast' }, 'mode'],
    ['no tokens', { defaultMaxTokens: 0 }, 'defaultMaxTokens'],
    ['half a token', { defaultMaxTokens: 1.5 }, 'defaultMaxTokens'],
    ['too many tokens', { defaultMaxTokens: 1_000_001 }, 'defaultMaxTokens'],
    ['open without an end', { whenAway: 'open' }, 'whenAway'],
    ['open up to nothing', { whenAway: { openUpToUsd: 0 } }, 'whenAway'],
    ['a key that is none', { cap: 5 }, 'inPath'],
  ])('%s is named with its place', (_, inPath, place) => {
    expect(() => loaded(inPath)).toThrow(ConfigError);
    expect(() => loaded(inPath)).toThrow(place);
  });
});
