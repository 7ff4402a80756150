import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import type { OrganizationInput } from '../../config/organization-schema';
import { membersTemplate } from '../../lib/members-template';
import { PARAMETERS, type ParameterName, type TemplateParameter } from '../../lib/one-click-parameters';
import { MembersStack } from '../../lib/organization-hub-stack';
import { CONTEXT } from '../helpers/app-context';
import { checked } from '../helpers/checked-app';
import { hubStackOf, organizationOf } from '../helpers/hub';

const NOW = Date.parse('2026-11-29T00:00:00Z');
const outdir = mkdtempSync(path.join(tmpdir(), 'spend-guard-members-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const template = membersTemplate({
  region: 'us-east-1',
  folder: path.join(outdir, 'members'),
  context: CONTEXT,
  now: NOW,
});

interface Parameter {
  readonly ParameterKey: ParameterName;
  readonly ParameterValue: string;
}
interface Group {
  readonly Regions: readonly string[];
  readonly DeploymentTargets: {
    readonly OrganizationalUnitIds: readonly string[];
    readonly AccountFilterType?: string;
    readonly Accounts?: readonly string[];
  };
  readonly ParameterOverrides?: readonly Parameter[];
}
interface StackSet {
  readonly Parameters: readonly Parameter[];
  readonly StackInstancesGroup: readonly Group[];
  readonly TemplateURL: { readonly 'Fn::Sub': string };
}
type Files = Readonly<
  Record<string, { source: { path: string; packaging: string }; destinations: Record<string, { objectKey: string }> }>
>;

function synthesized(changes: Partial<OrganizationInput> = {}) {
  const app = new App({ context: CONTEXT, outdir });
  const organization = organizationOf(changes);
  const hubStack = hubStackOf(organization, app);
  const stack = new MembersStack(app, { organization, template, hubStack });
  app.synth();
  const read = (file: string) => JSON.parse(readFileSync(path.join(outdir, file), 'utf8')) as unknown;
  const { Resources } = read(stack.templateFile) as {
    Resources: Record<string, { Type: string; Properties: StackSet & Record<string, unknown> }>;
  };
  const { files } = read(`${stack.artifactId}.assets.json`) as { files: Files };
  const [found, ...others] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudFormation::StackSet');
  expect(others).toEqual([]);
  return { stackSet: found!.Properties, files, stack, hubStack };
}

const valuesOf = (parameters: readonly Parameter[] = []) =>
  Object.fromEntries(parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]));
const shipped = synthesized();

test('the organisation manages it, and an account that joins has a guard without anybody’s doing', () => {
  expect(shipped.stackSet).toMatchObject({
    StackSetName: 'SpendGuard',
    PermissionModel: 'SERVICE_MANAGED',
    CallAs: 'SELF',
    AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
    ManagedExecution: { Active: true },
    Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    OperationPreferences: { FailureTolerancePercentage: 100 },
  });
});

test('what joins later has the default limit, and tells the hub', () => {
  expect(valuesOf(shipped.stackSet.Parameters)).toEqual({
    MonthlyLimitUsd: '25',
    Email: 'ti@dadosfera.ai',
    Mode: 'enforce',
    AccountWide: 'yes',
    HubBusArn: 'arn:aws:events:us-east-1:111111111111:event-bus/spend-guard-hub',
    AssetBucket: 'spend-guard-hub-111111111111-us-east-1',
    AssetPrefix: 'members/',
  });
});

const shape = ({ StackInstancesGroup }: StackSet) =>
  StackInstancesGroup.map(({ DeploymentTargets: { AccountFilterType, Accounts }, ParameterOverrides }) => [
    AccountFilterType,
    Accounts,
    valuesOf(ParameterOverrides),
  ]);

test('accounts with the same values are one group, and the rest of the units is all but them', () => {
  expect(shape(shipped.stackSet)).toEqual([
    ['DIFFERENCE', ['222222222222', '333333333333', '444444444444'], {}],
    ['INTERSECTION', ['222222222222'], { MonthlyLimitUsd: '500', Email: 'search@dadosfera.ai' }],
    ['INTERSECTION', ['333333333333', '444444444444'], { MonthlyLimitUsd: '100', Email: 'ti@dadosfera.ai' }],
  ]);
  for (const { Regions, DeploymentTargets } of shipped.stackSet.StackInstancesGroup) {
    expect(Regions).toEqual(['us-east-1']);
    expect(DeploymentTargets.OrganizationalUnitIds).toEqual(['ou-ab12-11111111']);
  }
});

test.each<[string, Partial<OrganizationInput>, unknown[]]>([
  ['no account is named', { accounts: {} }, [[undefined, undefined, {}]]],
  ['an account has what all have', { accounts: { '222222222222': { limitUsd: 25 } } }, [[undefined, undefined, {}]]],
  [
    'only its address differs',
    { accounts: { '222222222222': { limitUsd: 25, email: 'a@b.co' } } },
    [
      ['DIFFERENCE', ['222222222222'], {}],
      ['INTERSECTION', ['222222222222'], { MonthlyLimitUsd: '25', Email: 'a@b.co' }],
    ],
  ],
])('where %s', (_what, changes, groups) => {
  expect(shape(synthesized(changes).stackSet)).toEqual(groups);
});

test('every account is in exactly one group, whatever their values', () => {
  const accounts = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [String(200_000_000_000 + at), { limitUsd: 20 + (at % 7) }]),
  );
  const [rest, ...groups] = synthesized({ accounts }).stackSet.StackInstancesGroup;
  const named = groups.flatMap(({ DeploymentTargets }) => DeploymentTargets.Accounts ?? []);
  expect(named.toSorted()).toEqual(rest!.DeploymentTargets.Accounts!.toSorted());
  expect(new Set(named).size).toBe(named.length);
  const byDefault = Object.keys(accounts).filter((account) => accounts[account]!.limitUsd === 25);
  expect(byDefault.length).toBeGreaterThan(0);
  expect(named.toSorted()).toEqual(Object.keys(accounts).filter((one) => !byDefault.includes(one)));
});

test('the template takes every value that it is given', () => {
  const values: readonly Parameter[] = [
    ...shipped.stackSet.Parameters,
    ...shipped.stackSet.StackInstancesGroup.flatMap(({ ParameterOverrides = [] }) => ParameterOverrides),
  ];
  for (const { ParameterKey, ParameterValue } of values) {
    const parameter: TemplateParameter = PARAMETERS[ParameterKey];
    if (parameter.pattern !== undefined) expect(ParameterValue).toMatch(new RegExp(parameter.pattern));
    if (parameter.values !== undefined) expect(parameter.values).toContain(ParameterValue);
  }
  // What nobody gives has a default.
  const given = new Set(shipped.stackSet.Parameters.map(({ ParameterKey }) => ParameterKey));
  const written = JSON.parse(readFileSync(template.file, 'utf8')) as {
    Parameters: Record<string, { Default?: string }>;
  };
  const open = Object.entries(written.Parameters).filter(([, { Default }]) => Default === undefined);
  expect(open.filter(([name]) => !given.has(name as ParameterName))).toEqual([]);
});

describe('its files', () => {
  const { files, stackSet } = shipped;

  test('are those that the template asks for, under its prefix, of this assembly alone', () => {
    const keys = Object.values(files).map(({ destinations }) => Object.values(destinations)[0]!.objectKey);
    for (const { key } of template.assets) expect(keys).toContain(`members/${key}`);
    expect(template.assets.length).toBeGreaterThan(4);
    for (const { source } of Object.values(files)) {
      expect(path.isAbsolute(source.path)).toBe(false);
      expect(existsSync(path.join(outdir, source.path))).toBe(true);
    }
  });

  test('a changed template has another name: what lies there already is not uploaded again', () => {
    expect(stackSet.TemplateURL['Fn::Sub']).toMatch(
      new RegExp(`spend-guard-hub-111111111111-us-east-1/members/${template.hash}\\.json$`),
    );
  });

  test('go into a bucket of the hub, which is deployed before, and nobody but the deployer writes there', () => {
    const { stack, hubStack } = shipped;
    expect(stack.dependencies).toContain(hubStack);
    const manifest = readFileSync(path.join(outdir, `${stack.artifactId}.assets.json`), 'utf8');
    expect(manifest).not.toContain('assumeRoleArn');
  });
});

test('cdk-nag finds nothing', () => {
  const app = checked(new App({ context: CONTEXT, outdir }));
  const organization = organizationOf();
  new MembersStack(app, { organization, template, hubStack: hubStackOf(organization, app) });
  expect(() => app.synth()).not.toThrow();
});
