import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../client/config';
import type { ClientConfig } from '../../core/in-path/config';
import { CONFIG, LARGE_PROFILE, PROFILE } from '../helpers/guarded-client';

const named = (output: string) => ({ stack: 'SpendGuard-dev', output });
const synthesized: ClientConfig = {
  ...CONFIG,
  leasesTable: named('LeasesTableName'),
  models: CONFIG.models.map((model) =>
    model.profile === undefined ? model : { ...model, profile: named(`Profile${model.name}`) },
  ),
};
const outputs = { 'SpendGuard-dev': { LeasesTableName: 'leases', ProfileSmall: PROFILE, ProfileLarge: LARGE_PROFILE } };

const DAILY = { path: 'search', period: 'day', limit: 1 };
const within = (...budgets: readonly object[]) => ({ ...CONFIG, budgets });

describe("the client's config", () => {
  test('is what synth wrote, completed by the outputs that the deploy wrote', () => {
    expect(loadConfig({ config: synthesized, outputs })).toEqual({ ...CONFIG, leasesTable: 'leases' });
  });

  test("has the budgets within the environment's own", () => {
    const config = within(
      DAILY,
      { path: 'search/nightly', period: 'week', limit: 0, rolloverUpTo: 0 },
      { ...DAILY, path: 'search/nightly/a' },
      { ...DAILY, path: 'search/nightly/a/b.c_d-e' },
    );
    expect(loadConfig({ config })).toEqual(config);
    expect(loadConfig({ config: within() })).toEqual(within());
  });

  test('without the outputs: names each that is missing, and both ways to it', () => {
    const load = () => loadConfig({ config: synthesized });
    expect(load).toThrow(TypeError);
    for (const part of [
      'SpendGuard-dev.LeasesTableName, SpendGuard-dev.ProfileSmall, SpendGuard-dev.ProfileLarge',
      'cdk deploy --outputs-file',
      'spend-guard client-config --env dev',
    ]) {
      expect(load).toThrow(part);
    }
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the file'],
    ['the path of the file', './spend-guard-client.dev.json', 'the file'],
    ['another release', { ...CONFIG, schemaVersion: 2 }, 'schemaVersion'],
    ['a limit of dollars', { ...CONFIG, limit: 12.5 }, 'limit'],
    ['a negative limit', { ...CONFIG, limit: -1 }, 'limit'],
    ['a request limit of 0', { ...CONFIG, requestLimits: { perHour: 0, perDay: 1 } }, 'requestLimits.perHour'],
    ['a mode that is none', { ...CONFIG, inPath: { ...CONFIG.inPath, mode: 'fast' } }, 'inPath.mode'],
    [
      'an open fail mode without a cap',
      { ...CONFIG, inPath: { ...CONFIG.inPath, whenAway: { kind: 'open' } } },
      'whenAway',
    ],
    [
      'a price that is missing',
      { ...CONFIG, models: [{ ...CONFIG.models[0], price: { input: 1, output: 2, cacheRead: 'unsupported' } }] },
      'models.0.price.cacheWrite',
    ],
    ['budgets that are no list', { ...CONFIG, budgets: { search: {} } }, 'budgets: must be a list'],
    ['a budget without a limit', within({ path: 'search', period: 'day' }), 'budgets.0.limit'],
    ['a budget with a negative limit', within({ path: 'search', period: 'day', limit: -1 }), 'budgets.0.limit'],
    ['a period that is none', within({ ...DAILY, period: 'hour' }), 'budgets.0.period'],
    ['a rollover that is none', within({ ...DAILY, rolloverUpTo: true }), 'budgets.0.rolloverUpTo'],
    ['a field of a budget of another release', within({ ...DAILY, roles: [] }), 'budgets.0: knows no roles'],
    ...['', '/', 'a//b', '/a', 'a/', 'A', 'a b', 'a#b', 'a*', 'a/b/c/d/e', 7].map((path): [string, unknown, string] => [
      `the path '${path}'`,
      within({ ...DAILY, path }),
      'budgets.0.path',
    ]),
    [
      'a budget before the one that it is within',
      within({ ...DAILY, path: 'search/nightly' }, DAILY),
      "budgets.0.path: 'search' must come before 'search/nightly'",
    ],
    [
      'a budget within one that there is not',
      within({ ...DAILY, path: 'ads/nightly' }),
      "budgets.0.path: 'ads' must come before 'ads/nightly'",
    ],
    ['a budget twice', within(DAILY, DAILY), "budgets.1.path: 'search' stands there twice"],
    ['a field of another release', { ...CONFIG, surprise: true }, 'the file'],
  ])('%s is refused by name', (_, config, place) => {
    expect(() => loadConfig({ config })).toThrow(TypeError);
    expect(() => loadConfig({ config })).toThrow(place);
  });

  test('what is no file of outputs', () => {
    expect(() => loadConfig({ config: synthesized, outputs: { LeasesTableName: 'leases' } })).toThrow(
      'not a file of cdk deploy --outputs-file',
    );
  });
});
