import { loadGuard } from '../../config/load';
import { ConfigError } from '../../config/problems';
import { load, problemsOf, inputOf } from './loaded-models';

describe('Legacy (trap 50)', () => {
  const llama = 'meta.llama3-1-70b-instruct-v1:0';
  const nova = { id: 'amazon.nova-lite-v1:0' };
  const endOfLife = Date.parse('2027-03-30T00:00:00Z');

  test('an optional one is left out, unless the account still uses it', () => {
    expect(load({ small: [{ id: llama, optional: true }, nova] }).models.map(({ id }) => id)).toEqual([nova.id]);
    const included = load({ small: [{ id: llama, optional: true, legacy: 'include' }, nova] });
    expect(included.models.map(({ id }) => id)).toEqual([llama, nova.id]);
  });

  test('a required one stays until its end of life', () => {
    expect(load({ small: [{ id: llama }], now: endOfLife - 1 }).models).toHaveLength(1);
    expect(problemsOf({ small: [{ id: llama }, nova], now: endOfLife })).toEqual([
      expect.stringMatching(/small\[0\]\.id: 'meta\.llama3-1-70b.*' has ended on 2027-03-30; replacement: /),
    ]);
  });

  test('who operates what was deployed is told of an end, and not kept from it', () => {
    const input = inputOf({ small: [{ id: llama }, nova] });
    const { environments, notices } = loadGuard(input, endOfLife, undefined, 'operate');
    expect(environments[0]!.models.map(({ id }) => id)).toEqual([llama, nova.id]);
    expect(notices).toContainEqual({ environment: 'dev', text: expect.stringMatching(/end of life was 2027-03-30/) });
    expect(() => loadGuard(input, endOfLife)).toThrow(ConfigError);
  });

  test('past its end an optional one is a note, whatever else is said of it', () => {
    const { models, notices } = load({
      small: [{ id: llama, optional: true, legacy: 'include' }, nova],
      now: endOfLife,
    });
    expect(models.map(({ id }) => id)).toEqual([nova.id]);
    expect(notices).toContainEqual(expect.stringMatching(/has ended on 2027-03-30.*left out, as it is optional/));
  });

  test('with a scope written out it is the same model', () => {
    expect(load({ small: [{ id: `us.${llama}`, optional: true }, nova] }).models.map(({ id }) => id)).toEqual([
      nova.id,
    ]);
  });

  test('where nothing is left that is an error', () => {
    expect(problemsOf({ small: [{ id: llama, optional: true }] })).toEqual([
      expect.stringMatching(/^environments\.dev\.models: leaves no model/),
    ]);
  });
});
