import { OPENINGS } from './openings';
import { RENAMINGS } from './renamings';
import { allow, deny, document, none, one, policy, trust, type Pair } from './pairs';

const ACCOUNT_ROOT = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::111122223333:root']] };
const role = (principal: unknown, more: object = {}) =>
  one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust(principal, more) });
const orgLike = (operator: string, value: string) =>
  policy(allow('s3:GetObject', '*', { Condition: { [operator]: { 'aws:PrincipalOrgID': value } } }));
const secret = { S: { Type: 'AWS::SecretsManager::Secret', Properties: {} } };

/** Openings whose other way round is one: what is not judged either way is not among them. */
const REVERSIBLE = [
  'a permission loses its organisation',
  'a permission loses its token',
  'a permission loses its source',
  'a permission for a URL without sign-in',
  'a function URL without sign-in',
  'a new function URL without sign-in',
  'a layer for everybody',
  "a parameter's default from one role to everybody",
  'a value of a mapping',
  'a condition that chooses the wider value',
  'a condition that lets a policy in',
  'no protection from termination',
  'a nested stack gains everything',
  "a nested stack's parameter",
  'a stack of a stage gains everything',
  'IfExists passes whoever has no key',
  'a wider range of addresses in a condition',
  'one exception less',
  'no boundary',
  'longer sessions',
  'one user more in a group',
  'a user in a group',
  'a key for a user',
  "a role's own policy that denied goes",
  'a service control policy goes',
  'a service control policy, as text, denies less',
  "a secret's denying policy goes",
  "a bucket's policy for everybody",
  'a bucket lets public policies through',
  "a bucket's block of the public goes",
  "a bucket's encryption goes",
  'a bucket readable by its list',
  'a key for another account',
  "a topic's policy loses its condition",
  "a queue's policy loses a deny",
  "a queue's encryption goes",
  'a repository for another account',
  'a group open to the world',
  'a group open at more ports',
  'a rule of its own',
  "an endpoint's policy goes",
  'instance data without a token',
  'a public database',
  'a database in clear',
  'one group more at a database',
  'a method without sign-in',
  'a method without a key',
  'a route without sign-in',
  'guests',
  'no second factor',
  'a public cluster',
  'an access entry',
  "a domain's policy for everybody",
  "a log group's policy, as text",
  'a bus for everybody',
  'a share with one account more',
  'an assignment',
  "a permission set's policy",
  'no firewall',
  'a balancer that faces the internet',
  'a listener in clear',
  'a distribution in clear',
  'an older TLS',
  "a table's policy",
  "a file system's encryption goes",
];

/** Each takes something away, or changes nothing about who may do what, and is not called broader. */
export const TIGHTENINGS: readonly Pair[] = [
  ...REVERSIBLE.map((name): Pair => {
    const found = OPENINGS.find(([one]) => one === name);
    if (!found) throw new Error(`no opening '${name}'`);
    return [`the other way round: ${name}`, found[2], found[1]];
  }),
  ...RENAMINGS,
  [
    "trust from the account's root to one of its roles",
    role({ AWS: ACCOUNT_ROOT }),
    role({ AWS: 'arn:aws:iam::111122223333:role/a' }),
  ],
  [
    'the account by its number is its root',
    role({ AWS: '444455556666' }),
    role({ AWS: 'arn:aws:iam::444455556666:user/a' }),
  ],
  ['StringLike to StringEquals on the same value', orgLike('StringLike', 'o-a'), orgLike('StringEquals', 'o-a')],
  ['a pattern to one value that it matches', orgLike('StringLike', 'o-*'), orgLike('StringEquals', 'o-a')],
  ['every action to one', policy(allow('s3:*')), policy(allow('s3:GetObject'))],
  [
    'one statement in two',
    policy(allow(['s3:GetObject', 's3:PutObject'])),
    policy(allow('s3:GetObject'), allow('s3:PutObject')),
  ],
  ['a deny more', policy(allow('s3:*')), policy(allow('s3:*'), deny('s3:DeleteObject'))],
  [
    'a longer list of what is left out',
    policy(allow(undefined, '*', { NotAction: ['iam:*'] })),
    policy(allow(undefined, '*', { NotAction: ['iam:*', 'sts:*'] })),
  ],
  [
    'an external id',
    role({ AWS: 'arn:aws:iam::444455556666:root' }),
    role({ AWS: 'arn:aws:iam::444455556666:root' }, { Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }),
  ],
  [
    'a denying policy that goes with its secret',
    one(
      'AWS::SecretsManager::ResourcePolicy',
      { SecretId: { Ref: 'S' }, ResourcePolicy: document(deny('secretsmanager:*', '*', { Principal: '*' })) },
      secret,
    ),
    none(),
  ],
  [
    "a role's own policy that allowed goes",
    one('AWS::IAM::RolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: document(allow('s3:*')) }),
    none(),
  ],
  [
    'the same policy as text',
    one('AWS::Logs::ResourcePolicy', { PolicyName: 'p', PolicyDocument: JSON.stringify(document(allow('logs:*'))) }),
    one('AWS::Logs::ResourcePolicy', {
      PolicyName: 'p',
      PolicyDocument: `  ${JSON.stringify(document(allow('logs:*')))}`,
    }),
  ],
  [
    'a statement written by Fn::Sub',
    policy(allow('s3:GetObject', { 'Fn::Join': ['', ['arn:aws:s3:::b/', '*']] })),
    policy(allow('s3:GetObject', { 'Fn::Sub': 'arn:aws:s3:::b/*' })),
  ],
  [
    'more memory',
    one('AWS::Lambda::Function', { Role: 'r', MemorySize: 128 }),
    one('AWS::Lambda::Function', { Role: 'r', MemorySize: 256 }),
  ],
  [
    'another description',
    one('AWS::EC2::SecurityGroup', { GroupDescription: 'g', Tags: [] }),
    one('AWS::EC2::SecurityGroup', { GroupDescription: 'g', Tags: [{ Key: 'a', Value: 'b' }] }),
  ],
  ['a bucket more', none(), one('AWS::S3::Bucket', {})],
  [
    'another image',
    one('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Name: 'a', Image: 'x', PortMappings: [{ ContainerPort: 80, Protocol: 'tcp' }] }],
      TaskRoleArn: 'r',
    }),
    one('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [{ Name: 'a', Image: 'y', PortMappings: [{ ContainerPort: 80, Protocol: 'tcp' }] }],
      TaskRoleArn: 'r',
    }),
  ],
  ['an API that has no method yet', none(), one('AWS::ApiGateway::RestApi', { Name: 'a' })],
  [
    'another definition of a workflow',
    one('AWS::StepFunctions::StateMachine', { RoleArn: 'r', DefinitionString: '{"a":1}' }),
    one('AWS::StepFunctions::StateMachine', { RoleArn: 'r', DefinitionString: '{"a":2}' }),
  ],
  [
    'a bucket with a policy that denies',
    none(),
    one(
      'AWS::S3::BucketPolicy',
      {
        Bucket: { Ref: 'B' },
        PolicyDocument: document({
          Effect: 'Deny',
          Action: 's3:*',
          Principal: { AWS: '*' },
          Resource: '*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      },
      { B: { Type: 'AWS::S3::Bucket', Properties: {} } },
    ),
  ],
  [
    'what the CDK says of itself',
    one('AWS::CDK::Metadata', { Analytics: 'a' }),
    one('AWS::CDK::Metadata', { Analytics: 'b' }),
  ],
  [
    'a key that rotates',
    one('AWS::KMS::Key', { EnableKeyRotation: false, KeyPolicy: document(allow('kms:*')) }),
    one('AWS::KMS::Key', { EnableKeyRotation: true, KeyPolicy: document(allow('kms:*')) }),
  ],
];
