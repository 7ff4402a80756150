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

describe("the client's config", () => {
  test('is what synth wrote, completed by the outputs that the deploy wrote', () => {
    expect(loadConfig({ config: synthesized, outputs })).toEqual({ ...CONFIG, leasesTable: 'leases' });
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
