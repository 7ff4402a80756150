import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { COSTLY_ACTIONS } from '../../core/enforcement';
import { BRAKE_RUNBOOK } from '../../core/organization/brake-mail';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../core/tags';
import { parseOrganizationBrakeEnv } from '../../lambda/organization-brake/env';
import { parseOrganizationReportEnv } from '../../lambda/organization-report/env';
import { parseOrganizationRollUpEnv } from '../../lambda/organization-roll-up/env';
import { checked } from '../helpers/checked-app';
import { hubStackOf, hubTemplateOf, organizationOf } from '../helpers/hub';
import { resourcesOf, roleIds, statementsOf, toldTo } from '../helpers/stack';

const stack = hubStackOf(organizationOf());
const template = Template.fromStack(stack);
const all = (type: string) => Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);
const only = (type: string, of: readonly Record<string, unknown>[] = all(type)) => {
  expect(of).toHaveLength(1);
  return of[0]!;
};

test('cdk-nag finds nothing that is not acknowledged with a reason', () => {
  const app = checked();
  hubStackOf(organizationOf(), app);
  expect(() => app.synth()).not.toThrow();
});

describe('the bus', () => {
  test('takes events of the guards from the organisation alone', () => {
    expect(only('AWS::Events::EventBusPolicy')).toMatchObject({
      StatementId: 'OrganizationTells',
      Statement: {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': 'o-a1b2c3d4e5',
            'events:source': 'spend-guard',
            'events:detail-type': ['Spend Guard Standing', 'Spend Guard Decision'],
          },
        },
      },
    });
  });

  test('has the name that the members are told, and one rule, whose target is the roll-up', () => {
    expect(only('AWS::Events::EventBus')['Name']).toBe('spend-guard-hub');
    const rule = only('AWS::Events::Rule');
    expect(rule['EventPattern']).toEqual({
      source: ['spend-guard'],
      'detail-type': ['Spend Guard Standing', 'Spend Guard Decision'],
    });
    expect(rule['EventBusName']).toEqual({ Ref: expect.stringMatching(/^Bus/) });
    expect(rule['Targets']).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': [expect.stringMatching(/^RollUpFunction/), 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetters/), 'Arn'] } },
      }),
    ]);
    expect(stack.hub.bus.arn).toContain('event-bus/spend-guard-hub');
  });
});

describe('the brake', () => {
  test('its policy denies all that costs but to break-glass roles, and is attached by no template', () => {
    const policy = only('AWS::Organizations::Policy');
    expect(policy['Type']).toBe('SERVICE_CONTROL_POLICY');
    expect(policy['TargetIds']).toBeUndefined();
    expect(policy['Content']).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'SpendGuardBrake',
          Effect: 'Deny',
          Action: [...COSTLY_ACTIONS],
          Resource: '*',
          Condition: { ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::*:role/break-glass'] } },
        },
      ],
    });
  });

  test('without break-glass roles it spares nobody', () => {
    const [policy] = Object.values(resourcesOf(hubTemplateOf({ brake: {} }), 'AWS::Organizations::Policy'));
    expect(JSON.stringify(policy!.Properties['Content'])).not.toContain('Condition');
  });

  test('more roles than the policy has room for are refused at synth', () => {
    const neverStop = Array.from({ length: 80 }, (_, at) => `arn:aws:iam::*:role/break-glass-of-some-team-${at}`);
    expect(() => hubTemplateOf({ brake: { neverStop } })).toThrow(/list fewer roles in brake\.neverStop/);
  });

  test('it may attach this policy and no other, to accounts of this organisation, to no unit and no root', () => {
    const [role] = roleIds(template, /organization-brake/);
    const statements = statementsOf(template, role!).filter(({ Action }) =>
      JSON.stringify(Action).includes('organizations:'),
    );
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['organizations:AttachPolicy', 'organizations:DetachPolicy'],
        Resource: [
          'arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/*',
          { 'Fn::GetAtt': ['BrakePolicy', 'Arn'] },
        ],
      },
      {
        Effect: 'Allow',
        Action: 'organizations:ListTargetsForPolicy',
        Resource: { 'Fn::GetAtt': ['BrakePolicy', 'Arn'] },
      },
    ]);
    const others = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).filter(([id]) => !id.startsWith('Brake'));
    expect(JSON.stringify(others)).not.toContain('organizations:');
  });
});

describe('buckets and table', () => {
  test('the organisation reads the code of the members, nobody else, and nothing is public', () => {
    const buckets = all('AWS::S3::Bucket');
    expect(buckets).toHaveLength(2);
    for (const one of buckets) {
      expect(one['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
    const granting = all('AWS::S3::BucketPolicy')
      .flatMap(({ PolicyDocument }) => (PolicyDocument as unknown as { Statement: { Effect: string }[] }).Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(granting).toEqual([
      expect.objectContaining({
        Action: 's3:GetObject',
        Principal: { AWS: '*' },
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      }),
    ]);
  });

  test('the table is kept when the stack goes, and can be restored', () => {
    const [table] = Object.values(template.findResources('AWS::DynamoDB::GlobalTable'));
    expect(table).toMatchObject({ DeletionPolicy: 'Retain', Properties: { BillingMode: 'PAY_PER_REQUEST' } });
    const replicas = (table!['Properties'] as { Replicas: unknown }).Replicas;
    expect(replicas).toEqual([
      expect.objectContaining({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ]);
  });
});

describe('functions', () => {
  test('each is found by its tags, as the command line looks for them', () => {
    const tags = all('AWS::Lambda::Function').map(({ Tags }) =>
      Object.fromEntries((Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value])),
    );
    expect(tags.map((one) => one[FUNCTION_TAG])).toEqual([
      'organization-brake',
      'organization-roll-up',
      'organization-report',
    ]);
    for (const one of tags) expect(one[ENVIRONMENT_TAG]).toBe('organization');
    expect(stack.stackName).toBe('SpendGuard-organization');
  });

  test('each starts with what it is told, and all go by the same limits', () => {
    const roll = parseOrganizationRollUpEnv(toldTo(stack, 'organization-roll-up'));
    const brake = parseOrganizationBrakeEnv(toldTo(stack, 'organization-brake'));
    const report = parseOrganizationReportEnv(toldTo(stack, 'organization-report'));
    expect(roll.ORGANIZATION).toEqual({
      managementAccount: '111111111111',
      approval: 'needsApproval',
      atPercent: 110,
      defaultLimit: 25_000_000_000,
      accounts: {
        '222222222222': { limit: 500_000_000_000, brake: 'needsApproval' },
        '333333333333': { limit: 100_000_000_000, brake: 'automatic' },
        '444444444444': { limit: 100_000_000_000, brake: 'needsApproval' },
      },
    });
    expect([brake.ORGANIZATION, report.ORGANIZATION]).toEqual([roll.ORGANIZATION, roll.ORGANIZATION]);
    expect(report.REPORT_TIME_ZONE).toBe('America/Sao_Paulo');
  });
});

test('each alarm has its entry in the runbook, and so has what the mails refer to', () => {
  const runbook = readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8');
  const [, section = ''] = runbook.split("## The organisation's hub");
  const own = [...(section.split('\n## ')[0] ?? '').matchAll(/^#### `([a-z-]+)`$/gm)].map(([, heading]) => heading);
  const shared = ['dead-letters', 'findings'];
  const { named } = stack.hub.alerts;
  const entries = [...named.filter((what) => !shared.includes(what)), BRAKE_RUNBOOK, 'organization-report'];
  expect(own.toSorted()).toEqual(entries.toSorted());
  for (const what of shared) {
    expect(named).toContain(what);
    expect(runbook).toContain(`\n### \`${what}\`\n`);
  }
});

test('nothing of it is deleted by one word', () => {
  expect(stack.terminationProtection).toBe(true);
});
