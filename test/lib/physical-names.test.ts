import type { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { environmentNameProblems } from '../../config/resource-names';
import { environmentOf, templateFor } from '../helpers/stack';

interface NamedIn {
  /** Where a second one of the name cannot be. */
  readonly unique: 'account' | 'region' | 'parent';
  readonly pattern: RegExp;
  readonly longest: number;
}

/**
 * Schemas of CloudFormation's registry as cfn-lint 1.51.0 has them; of budgets, whose schema has none, botocore 1.43.11's; of
 * dashboards, the API's page of PutDashboard (read 2026-11-28).
 */
const NAMES: Readonly<Record<string, NamedIn>> = {
  'AWS::Budgets::Budget Budget.BudgetName': { unique: 'account', pattern: /^[^:\\]+$/, longest: 100 },
  'AWS::CloudWatch::Dashboard DashboardName': { unique: 'account', pattern: /^[A-Za-z0-9_-]+$/, longest: 255 },
  'AWS::IAM::ManagedPolicy ManagedPolicyName': { unique: 'account', pattern: /^[\w+=,.@-]+$/, longest: 128 },
  'AWS::IAM::Policy PolicyName': { unique: 'parent', pattern: /^[\w+=,.@-]+$/, longest: 128 },
  'AWS::CloudWatch::Alarm AlarmName': { unique: 'region', pattern: /^\S(.*\S)?$/, longest: 255 },
  'AWS::CloudWatch::Alarm MetricName': { unique: 'parent', pattern: /^\w+$/, longest: 255 },
  'AWS::Scheduler::ScheduleGroup Name': { unique: 'region', pattern: /^[0-9a-zA-Z-_.]+$/, longest: 64 },
  'AWS::Scheduler::Schedule GroupName': { unique: 'parent', pattern: /^[0-9a-zA-Z-_.]+$/, longest: 64 },
  'AWS::Bedrock::ApplicationInferenceProfile InferenceProfileName': {
    unique: 'region',
    pattern: /^([0-9a-zA-Z][ _-]?)+$/,
    longest: 64,
  },
  'AWS::SNS::Topic DisplayName': { unique: 'parent', pattern: /^[\x20-\x7e]+$/, longest: 100 },
};
/** Has no Region in its name on purpose: permission sets refer to it by that. */
const SWITCH = /^spend-guard-switch-/;

interface Name {
  readonly of: string;
  readonly name: string;
}

interface NamedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Every name in a template that is text: CloudFormation makes the others, each with a suffix of its own. */
function namesIn(template: Template): readonly Name[] {
  const resources = Object.values(template.toJSON().Resources as Record<string, NamedResource>);
  return resources.flatMap(({ Type, Properties = {} }) => {
    const inside = Object.entries(Properties['Budget'] ?? {}).map(([key, value]) => [`Budget.${key}`, value] as const);
    return [...Object.entries(Properties), ...inside]
      .filter(([key, value]) => /(^|[a-z.])(Name|Alias|Identifier)$/.test(key) && typeof value === 'string')
      .map(([key, value]) => ({ of: `${Type} ${key}`, name: value as string }));
  });
}

const accountWide = (names: readonly Name[]) =>
  names.filter(({ of, name }) => NAMES[of]?.unique === 'account' && !SWITCH.test(name)).map(({ name }) => name);

const inRegion = (name: string, region: string, changes: object = {}) =>
  namesIn(templateFor(environmentOf(name, { region, account: '111122223333', ...changes })));

test.each(['dev', 'staging', 'prod'])('of each name in %s it is known where it must be unique', (name) => {
  const unknown = namesIn(templateFor(environmentOf(name))).filter(({ of }) => NAMES[of] === undefined);
  expect(unknown).toEqual([]);
});

describe('trap 60: what is unique in an account carries the Region', () => {
  const models = { ...shipped.environments['dev']!.models, small: [{ id: 'amazon.nova-lite-v1:0' }], large: [] };
  const changes = { accountWideBudgetUsd: 500, dashboard: true, models };
  const here = accountWide(inRegion('dev', 'us-east-1', changes));

  test('one environment in two Regions shares no name', () => {
    const there = accountWide(inRegion('dev', 'us-east-2', changes));
    expect(here.length).toBeGreaterThanOrEqual(3);
    expect(there).toHaveLength(here.length);
    expect(here.filter((name) => there.includes(name))).toEqual([]);
    for (const name of here) expect(name).toContain('us-east-1');
  });

  test('nor do two environments of one account, when one takes the account-wide budget over from the other', () => {
    const other = accountWide(inRegion('staging', 'us-east-1', changes));
    expect(here.filter((name) => other.includes(name))).toEqual([]);
  });

  test.each(['dev-account', 'account', 'account-dev'])(
    "nor does '%s', beside the account-wide budget of dev",
    (name) => {
      const { environments } = loadGuard({ environments: { [name]: shipped.environments['dev']! } }, 0);
      const other = accountWide(namesIn(templateFor(environments[0]!)));
      expect(here.filter((one) => other.includes(one))).toEqual([]);
    },
  );
});

test('AWS takes every name that is made of an environment name that the configuration takes', () => {
  const near = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,23}$/);
  const taken = near.filter((name) => environmentNameProblems(name).length === 0);
  const synthesizes = (name: string) => {
    const { environments } = loadGuard(
      { environments: { [name]: { ...shipped.environments['dev']!, accountWideBudgetUsd: 500, dashboard: true } } },
      0,
    );
    const names = namesIn(templateFor(environments[0]!));
    expect(names.filter(({ of }) => NAMES[of]?.unique !== 'parent').length).toBeGreaterThan(12);
    for (const one of names) {
      const { pattern, longest } = NAMES[one.of]!;
      expect(one.name).toMatch(pattern);
      expect(one.name.length).toBeLessThanOrEqual(longest);
    }
  };
  fc.assert(fc.property(taken, synthesizes), {
    numRuns: 6,
    examples: [['a'], ['x'.repeat(24)], ['a-b-c-d-e-f-g-h-i-j-k-lm'], ['constructor']],
  });
});
