import { OPENINGS_OF_DATA_STORES } from './openings-of-data-stores';
import { OPENINGS_OF_NETWORKS } from './openings-of-networks';
import { OPENINGS_OF_SERVICES } from './openings-of-services';
import {
  allow,
  AWAY,
  deny,
  document,
  nested,
  none,
  one,
  policy,
  ROLE,
  stage,
  trust,
  type Pair,
  type Side,
} from './pairs';

const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } };
const invoke = (more: object) =>
  one('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', FunctionName: 'f', Principal: '*', ...more });
const url = (more: object) =>
  one('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', FunctionName: 'f', Principal: '*', ...more });
const bucket = (more: object) => one('AWS::S3::Bucket', more);
const ingress = (CidrIp: string, FromPort = 443, ToPort = 443) =>
  one('AWS::EC2::SecurityGroup', {
    GroupDescription: 'g',
    SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort, ToPort, CidrIp }],
  });
const database = (more: object) => one('AWS::RDS::DBInstance', { Engine: 'postgres', ...more });
const withDefault = (value: string) => ({
  template: {
    Parameters: { Who: { Type: 'String', Default: value } },
    Resources: {
      R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ AWS: { Ref: 'Who' } }) } },
    },
  },
});
const mapped = (value: string) => ({
  template: {
    Mappings: { M: { a: { b: value } } },
    ...policy(allow('s3:GetObject', { 'Fn::FindInMap': ['M', 'a', 'b'] })).template,
  },
});
const conditional = (value: string) => ({
  template: {
    Parameters: { Open: { Type: 'String', Default: value } },
    Conditions: { IsOpen: { 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] } },
    ...policy(allow('s3:GetObject', { 'Fn::If': ['IsOpen', '*', 'arn:aws:s3:::b/*'] })).template,
  },
});
const present = (value: string) => ({
  template: {
    Conditions: { IsOpen: { 'Fn::Equals': [value, 'yes'] } },
    Resources: {
      ...ROLED,
      P: {
        Type: 'AWS::IAM::Policy',
        Condition: 'IsOpen',
        Properties: { PolicyName: 'p', Roles: ['r'], PolicyDocument: document(allow('*')) },
      },
    },
  },
});
const ROLED = { R: ROLE };
const denying = policy(deny('s3:*')).template!['Resources'] as Record<string, unknown>;
const scp = (Content: unknown) =>
  one('AWS::Organizations::Policy', { Name: 'p', Type: 'SERVICE_CONTROL_POLICY', TargetIds: ['ou-1'], Content });

const asIs = (template: Readonly<Record<string, unknown>>): Side => ({ template });

/** Each opens something, and is called broader. */
export const OPENINGS: readonly Pair[] = [
  ...OPENINGS_OF_NETWORKS,
  ...OPENINGS_OF_DATA_STORES,
  ...OPENINGS_OF_SERVICES,
  ['a permission loses its organisation', invoke({ PrincipalOrgID: 'o-a' }), invoke({})],
  ['a permission loses its token', invoke({ EventSourceToken: 't' }), invoke({})],
  ['a permission loses its source', invoke({ SourceArn: 'arn:aws:s3:::b' }), invoke({})],
  [
    'a permission for a URL without sign-in',
    url({ FunctionUrlAuthType: 'AWS_IAM' }),
    url({ FunctionUrlAuthType: 'NONE' }),
  ],
  [
    "a parameter's default from one role to everybody",
    withDefault('arn:aws:iam::111122223333:role/a'),
    withDefault('*'),
  ],
  ['a value of a mapping', mapped('arn:aws:s3:::b/*'), mapped('*')],
  ['a condition that chooses the wider value', conditional('no'), conditional('yes')],
  ['a condition that lets a policy in', present('no'), present('yes')],
  ['another account', {}, { environment: AWAY }],
  [
    'a nested stack gains everything',
    nested(ROLED),
    nested({ ...ROLED, ...(policy(allow('*')).template!['Resources'] as object) }),
  ],
  [
    "a nested stack's parameter",
    nested(
      { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ AWS: { Ref: 'Who' } }) } } },
      { Who: 'arn:aws:iam::111122223333:role/a' },
      { Parameters: { Who: { Type: 'String' } } },
    ),
    nested(
      { R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ AWS: { Ref: 'Who' } }) } } },
      { Who: '*' },
      { Parameters: { Who: { Type: 'String' } } },
    ),
  ],
  ['a stack of a stage gains everything', stage(none(ROLED).template!), stage(policy(allow('*')).template!)],
  [
    'IfExists passes whoever has no key',
    policy(allow('s3:GetObject', '*', { Condition: ORG })),
    policy(allow('s3:GetObject', '*', { Condition: { StringEqualsIfExists: ORG.StringEquals } })),
  ],
  [
    'ForAllValues passes an empty list',
    policy(allow('s3:GetObject', '*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } } })),
    policy(allow('s3:GetObject', '*', { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } } })),
  ],
  [
    'a wider range of addresses in a condition',
    policy(allow('s3:GetObject', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/16' } } })),
    policy(allow('s3:GetObject', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })),
  ],
  [
    'one exception less',
    policy(allow('s3:GetObject', '*', { Condition: { StringNotEquals: { 'aws:PrincipalTag/a': ['x', 'y'] } } })),
    policy(allow('s3:GetObject', '*', { Condition: { StringNotEquals: { 'aws:PrincipalTag/a': ['x'] } } })),
  ],
  ['a denying policy goes, and its role stays', { template: { Resources: denying } }, none(ROLED)],
  ['a service control policy goes', scp(document(deny('iam:*'))), none()],
  [
    'a service control policy, as text, denies less',
    scp(JSON.stringify(document(deny(['iam:*', 's3:*'])))),
    scp(JSON.stringify(document(deny('iam:*')))),
  ],
  [
    'a bucket lets public policies through',
    bucket({ PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }),
    bucket({ PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
  ],
  [
    "a bucket's block of the public goes",
    bucket({ PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } }),
    bucket({}),
  ],
  [
    "a bucket's encryption goes",
    bucket({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'k' } },
        ],
      },
    }),
    bucket({}),
  ],
  ['a bucket readable by its list', bucket({ AccessControl: 'Private' }), bucket({ AccessControl: 'PublicRead' })],
  [
    "a topic's policy loses its condition",
    one('AWS::SNS::TopicPolicy', {
      Topics: ['t'],
      PolicyDocument: document(allow('sns:Publish', 't', { Principal: '*', Condition: ORG })),
    }),
    one('AWS::SNS::TopicPolicy', {
      Topics: ['t'],
      PolicyDocument: document(allow('sns:Publish', 't', { Principal: '*' })),
    }),
  ],
  ['a group open to the world', ingress('10.0.0.0/8'), ingress('0.0.0.0/0')],
  ['a group open at more ports', ingress('10.0.0.0/8', 443, 443), ingress('10.0.0.0/8', 0, 65535)],
  ['a public database', database({ PubliclyAccessible: false }), database({ PubliclyAccessible: true })],
  ['a database in clear', database({ StorageEncrypted: true }), database({})],
  [
    'one group more at a database',
    database({ VPCSecurityGroups: ['sg-1'] }),
    database({ VPCSecurityGroups: ['sg-1', 'sg-2'] }),
  ],
  [
    'a loop of a macro',
    asIs({ Resources: { 'Fn::ForEach::A': ['x', ['a'], {}] } }),
    asIs({ Resources: { 'Fn::ForEach::A': ['x', ['a', 'b'], {}] } }),
  ],
  [
    'a deny with a condition',
    policy(deny('s3:*')),
    policy(deny('s3:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/x': 'y' } } })),
  ],
  [
    'a new nested stack whose template is not there',
    none(),
    one('AWS::CloudFormation::Stack', { TemplateURL: 'https://a' }),
  ],
  [
    'a nested stack whose template is not there any more',
    nested({ R: ROLE }),
    { template: nested({ R: ROLE, S: ROLE }).template! },
  ],
  [
    'a set of stacks',
    none(),
    one('AWS::CloudFormation::StackSet', { StackSetName: 's', PermissionModel: 'SELF_MANAGED', TemplateBody: '{}' }),
  ],
  ['a module', none(), one('My::Own::Thing::MODULE', {})],
  [
    'a function that a macro gives a role',
    none(),
    one('AWS::Serverless::Function', { Policies: ['AdministratorAccess'] }),
  ],
];
