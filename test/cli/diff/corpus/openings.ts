import { allow, AWAY, deny, document, nested, none, one, ROLE, stage, trust, type Pair } from './pairs';

const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } };
const FOREIGN = 'arn:aws:iam::444455556666:root';
const invoke = (more: object) =>
  one('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', FunctionName: 'f', Principal: '*', ...more });
const url = (more: object) =>
  one('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunctionUrl', FunctionName: 'f', Principal: '*', ...more });
const policy = (...statements: readonly object[]) =>
  one(
    'AWS::IAM::Policy',
    { PolicyName: 'p', Roles: [{ Ref: 'R' }], PolicyDocument: document(...statements) },
    { R: ROLE },
  );
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

/** Each opens something, and is called broader. */
export const OPENINGS: readonly Pair[] = [
  ['a permission loses its organisation', invoke({ PrincipalOrgID: 'o-a' }), invoke({})],
  ['a permission loses its token', invoke({ EventSourceToken: 't' }), invoke({})],
  ['a permission loses its source', invoke({ SourceArn: 'arn:aws:s3:::b' }), invoke({})],
  [
    'a permission for a URL without sign-in',
    url({ FunctionUrlAuthType: 'AWS_IAM' }),
    url({ FunctionUrlAuthType: 'NONE' }),
  ],
  [
    'a function URL without sign-in',
    one('AWS::Lambda::Url', { TargetFunctionArn: 'f', AuthType: 'AWS_IAM' }),
    one('AWS::Lambda::Url', { TargetFunctionArn: 'f', AuthType: 'NONE' }),
  ],
  ['a new function URL without sign-in', none(), one('AWS::Lambda::Url', { TargetFunctionArn: 'f', AuthType: 'NONE' })],
  [
    'a layer for everybody',
    one('AWS::Lambda::LayerVersionPermission', {
      Action: 'lambda:GetLayerVersion',
      LayerVersionArn: 'l',
      Principal: '111122223333',
    }),
    one('AWS::Lambda::LayerVersionPermission', {
      Action: 'lambda:GetLayerVersion',
      LayerVersionArn: 'l',
      Principal: '*',
    }),
  ],
  [
    'a function with another role',
    one('AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/a' }),
    one('AWS::Lambda::Function', { Role: 'arn:aws:iam::111122223333:role/admin' }),
  ],
  [
    "a parameter's default from one role to everybody",
    withDefault('arn:aws:iam::111122223333:role/a'),
    withDefault('*'),
  ],
  ['a value of a mapping', mapped('arn:aws:s3:::b/*'), mapped('*')],
  ['a condition that chooses the wider value', conditional('no'), conditional('yes')],
  ['a condition that lets a policy in', present('no'), present('yes')],
  ['no protection from termination', { properties: { terminationProtection: true } }, {}],
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
  [
    'a nested template that is not there',
    one('AWS::CloudFormation::Stack', { TemplateURL: 'https://a' }),
    one('AWS::CloudFormation::Stack', { TemplateURL: 'https://b' }),
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
  [
    'a managed policy by AWS',
    one('AWS::IAM::Role', { ...ROLE.Properties, ManagedPolicyArns: [] }),
    one('AWS::IAM::Role', { ...ROLE.Properties, ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }),
  ],
  [
    'no boundary',
    one('AWS::IAM::Role', { ...ROLE.Properties, PermissionsBoundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    one('AWS::IAM::Role', ROLE.Properties),
  ],
  [
    'longer sessions',
    one('AWS::IAM::Role', { ...ROLE.Properties, MaxSessionDuration: 3600 }),
    one('AWS::IAM::Role', { ...ROLE.Properties, MaxSessionDuration: 43200 }),
  ],
  [
    'one user more in a group',
    one('AWS::IAM::UserToGroupAddition', { GroupName: 'admins', Users: ['a'] }),
    one('AWS::IAM::UserToGroupAddition', { GroupName: 'admins', Users: ['a', 'b'] }),
  ],
  ['a user in a group', one('AWS::IAM::User', { Groups: [] }), one('AWS::IAM::User', { Groups: ['admins'] })],
  ['a key for a user', none(), one('AWS::IAM::AccessKey', { UserName: 'a' })],
  [
    "a role's own policy that denied goes",
    one('AWS::IAM::RolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: document(deny('s3:*')) }),
    none(),
  ],
  ['a denying policy goes, and its role stays', { template: { Resources: denying } }, none(ROLED)],
  ['a service control policy goes', scp(document(deny('iam:*'))), none()],
  [
    'a service control policy, as text, denies less',
    scp(JSON.stringify(document(deny(['iam:*', 's3:*'])))),
    scp(JSON.stringify(document(deny('iam:*')))),
  ],
  [
    "a secret's denying policy goes",
    one('AWS::SecretsManager::ResourcePolicy', {
      SecretId: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a',
      ResourcePolicy: document(deny('secretsmanager:*', '*', { Principal: '*' })),
    }),
    none(),
  ],
  [
    "a bucket's policy for everybody",
    one('AWS::S3::BucketPolicy', {
      Bucket: 'b',
      PolicyDocument: document(
        allow('s3:GetObject', 'arn:aws:s3:::b/*', { Principal: { AWS: 'arn:aws:iam::111122223333:role/a' } }),
      ),
    }),
    one('AWS::S3::BucketPolicy', {
      Bucket: 'b',
      PolicyDocument: document(allow('s3:GetObject', 'arn:aws:s3:::b/*', { Principal: '*' })),
    }),
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
    'a key for another account',
    one('AWS::KMS::Key', {
      KeyPolicy: document(allow('kms:*', '*', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } })),
    }),
    one('AWS::KMS::Key', {
      KeyPolicy: document(allow('kms:*', '*', { Principal: { AWS: ['arn:aws:iam::111122223333:root', FOREIGN] } })),
    }),
  ],
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
  [
    "a queue's policy loses a deny",
    one('AWS::SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: document(deny('sqs:*', 'q', { Principal: '*' })) }),
    one('AWS::SQS::QueuePolicy', { Queues: ['q'], PolicyDocument: document() }),
  ],
  ["a queue's encryption goes", one('AWS::SQS::Queue', { KmsMasterKeyId: 'k' }), one('AWS::SQS::Queue', {})],
  [
    'a repository for another account',
    one('AWS::ECR::Repository', {}),
    one('AWS::ECR::Repository', {
      RepositoryPolicyText: document({ Effect: 'Allow', Action: 'ecr:*', Principal: { AWS: FOREIGN } }),
    }),
  ],
  ['a group open to the world', ingress('10.0.0.0/8'), ingress('0.0.0.0/0')],
  ['a group open at more ports', ingress('10.0.0.0/8', 443, 443), ingress('10.0.0.0/8', 0, 65535)],
  [
    'a rule of its own',
    none(),
    one('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', IpProtocol: '-1', CidrIp: '0.0.0.0/0' }),
  ],
  [
    'a way out',
    one('AWS::EC2::SecurityGroup', {
      GroupDescription: 'g',
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }],
    }),
    one('AWS::EC2::SecurityGroup', { GroupDescription: 'g' }),
  ],
  [
    "an endpoint's policy goes",
    one('AWS::EC2::VPCEndpoint', {
      VpcId: 'v',
      PolicyDocument: document(allow('s3:GetObject', '*', { Principal: '*' })),
    }),
    one('AWS::EC2::VPCEndpoint', { VpcId: 'v' }),
  ],
  [
    'an instance with another profile',
    one('AWS::EC2::Instance', { IamInstanceProfile: 'a' }),
    one('AWS::EC2::Instance', { IamInstanceProfile: 'admin' }),
  ],
  [
    'instance data without a token',
    one('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'required' } } }),
    one('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { MetadataOptions: { HttpTokens: 'optional' } } }),
  ],
  ['a public database', database({ PubliclyAccessible: false }), database({ PubliclyAccessible: true })],
  ['a database in clear', database({ StorageEncrypted: true }), database({})],
  [
    'one group more at a database',
    database({ VPCSecurityGroups: ['sg-1'] }),
    database({ VPCSecurityGroups: ['sg-1', 'sg-2'] }),
  ],
  [
    'a method without sign-in',
    one('AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'AWS_IAM' }),
    one('AWS::ApiGateway::Method', { HttpMethod: 'GET', AuthorizationType: 'NONE' }),
  ],
  [
    'a method without a key',
    one('AWS::ApiGateway::Method', { HttpMethod: 'GET', ApiKeyRequired: true }),
    one('AWS::ApiGateway::Method', { HttpMethod: 'GET' }),
  ],
  [
    'a route without sign-in',
    one('AWS::ApiGatewayV2::Route', { ApiId: 'a', RouteKey: '$default', AuthorizationType: 'JWT' }),
    one('AWS::ApiGatewayV2::Route', { ApiId: 'a', RouteKey: '$default' }),
  ],
  [
    'another way of signing in',
    one('AWS::AppSync::GraphQLApi', { Name: 'a', AuthenticationType: 'AWS_IAM' }),
    one('AWS::AppSync::GraphQLApi', { Name: 'a', AuthenticationType: 'API_KEY' }),
  ],
  [
    'guests',
    one('AWS::Cognito::IdentityPool', { AllowUnauthenticatedIdentities: false }),
    one('AWS::Cognito::IdentityPool', { AllowUnauthenticatedIdentities: true }),
  ],
  [
    'no second factor',
    one('AWS::Cognito::UserPool', { MfaConfiguration: 'ON' }),
    one('AWS::Cognito::UserPool', { MfaConfiguration: 'OFF' }),
  ],
  [
    'a public cluster',
    one('AWS::EKS::Cluster', { ResourcesVpcConfig: { EndpointPublicAccess: true, PublicAccessCidrs: ['10.0.0.0/8'] } }),
    one('AWS::EKS::Cluster', { ResourcesVpcConfig: { EndpointPublicAccess: true, PublicAccessCidrs: ['0.0.0.0/0'] } }),
  ],
  [
    'an access entry',
    none(),
    one('AWS::EKS::AccessEntry', {
      ClusterName: 'c',
      PrincipalArn: 'arn:aws:iam::111122223333:role/a',
      AccessPolicies: [],
    }),
  ],
  [
    "a domain's policy for everybody",
    one('AWS::OpenSearchService::Domain', {}),
    one('AWS::OpenSearchService::Domain', { AccessPolicies: document(allow('es:*', '*', { Principal: '*' })) }),
  ],
  [
    "a log group's policy, as text",
    one('AWS::Logs::ResourcePolicy', {
      PolicyName: 'p',
      PolicyDocument: JSON.stringify(
        document(allow('logs:PutLogEvents', '*', { Principal: { Service: 'es.amazonaws.com' } })),
      ),
    }),
    one('AWS::Logs::ResourcePolicy', {
      PolicyName: 'p',
      PolicyDocument: JSON.stringify(document(allow('logs:*', '*', { Principal: '*' }))),
    }),
  ],
  [
    'a bus for everybody',
    one('AWS::Events::EventBusPolicy', {
      StatementId: 's',
      Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*', Principal: { AWS: FOREIGN } },
    }),
    one('AWS::Events::EventBusPolicy', {
      StatementId: 's',
      Statement: { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*', Principal: '*' },
    }),
  ],
  [
    'a share with one account more',
    one('AWS::RAM::ResourceShare', { Name: 's', Principals: ['111122223333'] }),
    one('AWS::RAM::ResourceShare', { Name: 's', Principals: ['111122223333', '444455556666'] }),
  ],
  [
    'an assignment',
    none(),
    one('AWS::SSO::Assignment', {
      InstanceArn: 'i',
      PermissionSetArn: 'p',
      PrincipalId: 'u',
      PrincipalType: 'USER',
      TargetId: '111122223333',
      TargetType: 'AWS_ACCOUNT',
    }),
  ],
  [
    "a permission set's policy",
    one('AWS::SSO::PermissionSet', { InstanceArn: 'i', Name: 'n' }),
    one('AWS::SSO::PermissionSet', { InstanceArn: 'i', Name: 'n', InlinePolicy: document(allow('*')) }),
  ],
  ['no firewall', one('AWS::WAFv2::WebACLAssociation', { ResourceArn: 'r', WebACLArn: 'w' }), none()],
  [
    'a balancer that faces the internet',
    one('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' }),
    one('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internet-facing' }),
  ],
  [
    'a listener in clear',
    one('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: 'l', Protocol: 'HTTPS' }),
    one('AWS::ElasticLoadBalancingV2::Listener', { LoadBalancerArn: 'l', Protocol: 'HTTP' }),
  ],
  [
    'a distribution in clear',
    one('AWS::CloudFront::Distribution', {
      DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: 'https-only' } },
    }),
    one('AWS::CloudFront::Distribution', {
      DistributionConfig: { DefaultCacheBehavior: { ViewerProtocolPolicy: 'allow-all' } },
    }),
  ],
  [
    'an older TLS',
    one('AWS::ApiGateway::DomainName', { DomainName: 'd', SecurityPolicy: 'TLS_1_2' }),
    one('AWS::ApiGateway::DomainName', { DomainName: 'd', SecurityPolicy: 'TLS_1_0' }),
  ],
  [
    "a table's policy",
    one('AWS::DynamoDB::Table', {}),
    one('AWS::DynamoDB::Table', {
      ResourcePolicy: { PolicyDocument: document(allow('dynamodb:*', '*', { Principal: { AWS: FOREIGN } })) },
    }),
  ],
  [
    "a file system's encryption goes",
    one('AWS::EFS::FileSystem', { Encrypted: true }),
    one('AWS::EFS::FileSystem', { Encrypted: false }),
  ],
  [
    'a custom resource told something else',
    one('Custom::Thing', { ServiceToken: 'f', Who: 'a' }),
    one('Custom::Thing', { ServiceToken: 'f', Who: '*' }),
  ],
  ['a type that no schema holds', one('My::Own::Thing', { Who: 'a' }), one('My::Own::Thing', { Who: 'b' })],
  ['a macro', { template: { Transform: [], Resources: {} } }, { template: { Transform: ['Macro'], Resources: {} } }],
];
