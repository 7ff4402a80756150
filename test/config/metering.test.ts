import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { smallModelIds, withOneTierEach } from '../../config/model-tiers';
import { ConfigError } from '../../config/problems';
import type { GuardInput } from '../../config/schema';
import { resolved } from '../helpers/library-models';

const NOW = Date.parse('2026-11-23T00:00:00Z');
const [A, B] = ['111122223333', '999988887777'];

type Changes = Readonly<Record<string, Record<string, unknown>>>;

/** dev, staging and prod, all in one account unless the changes say otherwise. */
function load(changes: Changes) {
  const environments = Object.fromEntries(
    Object.entries(shipped.environments).map(([name, one]) => [name, { ...one, ...changes[name] }]),
  );
  return loadGuard({ environments } as GuardInput, NOW);
}

function problemsOf(changes: Changes): string[] {
  try {
    load(changes);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, text }) => `${path}: ${text}`);
  }
}

const meteringOf = (changes: Changes) => load(changes).environments.map(({ name, metering }) => `${name} ${metering}`);

describe('whose usage counts', () => {
  const account = { metering: 'account' };

  test('profiles, unless somebody says account, or the environment has none', () => {
    expect(meteringOf({ dev: account })).toEqual(['dev account', 'staging profiles', 'prod profiles']);
    const direct = { identity: 'direct', account: A };
    expect(meteringOf({ dev: direct })).toEqual(['dev account', 'staging profiles', 'prod profiles']);
    expect(meteringOf({ dev: { ...direct, ...account } })[0]).toBe('dev account');
  });

  test('two environments of one account cannot both count all of it', () => {
    expect(problemsOf({ dev: account, prod: account })).toEqual([
      "environments.prod.metering: must be 'profiles', got 'account': 'dev' counts already what no profile of the account of whoever deploys claims; one environment an account can",
    ]);
    expect(problemsOf({ dev: account, staging: account, prod: account })).toHaveLength(2);
    const inA = { ...account, account: A };
    expect(problemsOf({ dev: inA, prod: inA })).toEqual([
      expect.stringMatching(/^environments\.prod\.metering: .* no profile of 111122223333 claims/),
    ]);
  });

  test('two accounts can each have one', () => {
    const each = [A, B].map((id) => ({ ...account, account: id }));
    expect(meteringOf({ dev: each[0]!, prod: each[1]! })).toEqual(['dev account', 'staging profiles', 'prod account']);
  });

  test('direct beside another that counts the account is refused as any direct one in a shared account', () => {
    const problems = problemsOf({ dev: { identity: 'direct', account: A }, prod: { ...account, account: A } });
    expect(problems).toEqual([expect.stringMatching(/^environments\.dev\.identity: must be 'profile', got 'direct'/)]);
  });

  test('direct with profiles would see nothing', () => {
    expect(problemsOf({ dev: { identity: 'direct', account: A, metering: 'profiles' } })).toEqual([
      expect.stringMatching(
        /^environments\.dev\.metering: must be 'account' .* for identity 'direct', .* got 'profiles'$/,
      ),
    ]);
  });
});

describe('who is guarded and not metered is said at synth', () => {
  const principals = { roles: ['team/app'], users: ['bot'], groups: ['data'] };
  const noticesOf = (changes: Changes) =>
    load(changes)
      .notices.filter(({ environment, text }) => environment === 'dev' && /metered/.test(text))
      .map(({ text }) => text);

  test('by name, with the remedy', () => {
    expect(noticesOf({ dev: { principals } })).toEqual([
      "role app, user bot, group data: stopped with the environment, but metered only through its profiles; what else they call is in no figure: let them call through the environment's profiles, or set metering: 'account'",
    ]);
  });

  test('not of break-glass roles, which no stop reaches, nor where nobody is named', () => {
    expect(noticesOf({ dev: { neverStop: ['breakglass'] } })).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['metering: account', { metering: 'account' }],
    ['identity: direct', { identity: 'direct', account: A }],
  ])('not with %s, which counts them', (_what, more) => {
    expect(noticesOf({ dev: { principals, ...more } })).toEqual([]);
  });
});

describe('one model in both tiers', () => {
  const [us, global, nova] = [
    resolved('us.anthropic.claude-opus-5', 'large'),
    resolved('global.anthropic.claude-opus-5', 'small'),
    resolved('amazon.nova-lite-v1:0', 'small'),
  ];

  test('by two of its ids is large by both, as IAM cannot tell them apart, and that is said', () => {
    const { models, notices } = withOneTierEach([global, nova, us]);
    expect(models.map(({ id, tier }) => `${tier} ${id}`)).toEqual([
      'small amazon.nova-lite-v1:0',
      'large global.anthropic.claude-opus-5',
      'large us.anthropic.claude-opus-5',
    ]);
    expect(notices).toEqual([
      'global.anthropic.claude-opus-5 is in models.small, and us.anthropic.claude-opus-5 in models.large: both are the model anthropic.claude-opus-5, which IAM knows without its scope, so both count as large',
    ]);
    expect(smallModelIds([global, nova, us])).toEqual(['amazon.nova-lite-v1:0']);
  });

  test('two scopes in one tier stay as they are, and are one model to IAM', () => {
    const small = [global, { ...us, tier: 'small' as const }, nova];
    expect(withOneTierEach(small)).toEqual({ models: small, notices: [] });
    expect(smallModelIds(small)).toEqual(['anthropic.claude-opus-5', 'amazon.nova-lite-v1:0']);
  });
});
