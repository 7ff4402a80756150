import { allow, AWAY, deny, document, nested, none, one, ROLE, stage, trust, type Pair, type Side } from './pairs';

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

const asIs = (template: Readonly<Record<string, unknown>>): Side => ({ template });

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
  [
    'a public project',
    one('AWS::CodeBuild::Project', { Visibility: 'PRIVATE' }),
    one('AWS::CodeBuild::Project', { Visibility: 'PUBLIC_READ' }),
  ],
  [
    'a privileged container',
    one('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'a', Privileged: false }] }),
    one('AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Name: 'a', Privileged: true }] }),
  ],
  [
    'a shell in containers',
    one('AWS::ECS::Service', { EnableExecuteCommand: false }),
    one('AWS::ECS::Service', { EnableExecuteCommand: true }),
  ],
  [
    'tasks with public addresses',
    one('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } }),
    one('AWS::ECS::Service', { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'ENABLED' } } }),
  ],
  [
    'a subnet with public addresses',
    one('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false }),
    one('AWS::EC2::Subnet', { MapPublicIpOnLaunch: true }),
  ],
  [
    'a public warehouse',
    one('AWS::Redshift::Cluster', { PubliclyAccessible: false }),
    one('AWS::Redshift::Cluster', { PubliclyAccessible: true }),
  ],
  ['a volume in clear', one('AWS::EC2::Volume', { Encrypted: true }), one('AWS::EC2::Volume', { Encrypted: false })],
  [
    'brokers in clear',
    one('AWS::MSK::Cluster', { EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS' } } }),
    one('AWS::MSK::Cluster', { EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'PLAINTEXT' } } }),
  ],
  [
    'brokers that face the internet',
    one('AWS::MSK::Cluster', { BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } } } }),
    one('AWS::MSK::Cluster', {
      BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'SERVICE_PROVIDED_EIPS' } } },
    }),
  ],
  [
    'brokers without sign-in',
    one('AWS::MSK::Cluster', { ClientAuthentication: { Unauthenticated: { Enabled: false } } }),
    one('AWS::MSK::Cluster', { ClientAuthentication: { Unauthenticated: { Enabled: true } } }),
  ],
  [
    'a cache in clear',
    one('AWS::ElastiCache::ReplicationGroup', { AtRestEncryptionEnabled: true }),
    one('AWS::ElastiCache::ReplicationGroup', { AtRestEncryptionEnabled: false }),
  ],
  [
    'a domain without https',
    one('AWS::OpenSearchService::Domain', { DomainEndpointOptions: { EnforceHTTPS: true } }),
    one('AWS::OpenSearchService::Domain', { DomainEndpointOptions: { EnforceHTTPS: false } }),
  ],
  [
    'a domain without access control',
    one('AWS::OpenSearchService::Domain', { AdvancedSecurityOptions: { Enabled: true } }),
    one('AWS::OpenSearchService::Domain', { AdvancedSecurityOptions: { Enabled: false } }),
  ],
  [
    'an API that is private no more',
    one('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['PRIVATE'] } }),
    one('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } }),
  ],
  [
    "an API's policy goes",
    one('AWS::ApiGateway::RestApi', {
      Policy: document(allow('execute-api:Invoke', '*', { Principal: { AWS: FOREIGN } })),
    }),
    one('AWS::ApiGateway::RestApi', {}),
  ],
  [
    'an API as a document',
    one('AWS::ApiGateway::RestApi', { Body: { a: 1 } }),
    one('AWS::ApiGateway::RestApi', { Body: { a: 2 } }),
  ],
  [
    'one more way of signing in',
    one('AWS::Cognito::UserPoolClient', { UserPoolId: 'u', ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] }),
    one('AWS::Cognito::UserPoolClient', {
      UserPoolId: 'u',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'],
    }),
  ],
  [
    'one more address that gets tokens',
    one('AWS::Cognito::UserPoolClient', { UserPoolId: 'u', CallbackURLs: ['https://a'] }),
    one('AWS::Cognito::UserPoolClient', { UserPoolId: 'u', CallbackURLs: ['https://a', 'https://evil'] }),
  ],
  [
    'anybody may sign up',
    one('AWS::Cognito::UserPool', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }),
    one('AWS::Cognito::UserPool', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: false } }),
  ],
  [
    'another role of signed-in users',
    one('AWS::Cognito::IdentityPoolRoleAttachment', { IdentityPoolId: 'i', Roles: { authenticated: 'a' } }),
    one('AWS::Cognito::IdentityPoolRoleAttachment', { IdentityPoolId: 'i', Roles: { authenticated: 'admin' } }),
  ],
  [
    'a notebook with root',
    one('AWS::SageMaker::NotebookInstance', { RootAccess: 'Disabled' }),
    one('AWS::SageMaker::NotebookInstance', { RootAccess: 'Enabled' }),
  ],
  [
    'a notebook on the internet',
    one('AWS::SageMaker::NotebookInstance', { DirectInternetAccess: 'Disabled' }),
    one('AWS::SageMaker::NotebookInstance', { DirectInternetAccess: 'Enabled' }),
  ],
  [
    'a graph without IAM',
    one('AWS::Neptune::DBCluster', { IamAuthEnabled: true }),
    one('AWS::Neptune::DBCluster', { IamAuthEnabled: false }),
  ],
  [
    'a service for everybody',
    one('AWS::EC2::VPCEndpointServicePermissions', { ServiceId: 's', AllowedPrincipals: [] }),
    one('AWS::EC2::VPCEndpointServicePermissions', { ServiceId: 's', AllowedPrincipals: ['*'] }),
  ],
  [
    'a service that takes in whoever asks',
    one('AWS::EC2::VPCEndpointService', { AcceptanceRequired: true }),
    one('AWS::EC2::VPCEndpointService', { AcceptanceRequired: false }),
  ],
  [
    'a network list that allows',
    one('AWS::EC2::NetworkAclEntry', {
      NetworkAclId: 'n',
      RuleNumber: 1,
      RuleAction: 'deny',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    }),
    one('AWS::EC2::NetworkAclEntry', {
      NetworkAclId: 'n',
      RuleNumber: 1,
      RuleAction: 'allow',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    }),
  ],
  [
    'a network list that denies no more',
    one('AWS::EC2::NetworkAclEntry', {
      NetworkAclId: 'n',
      RuleNumber: 1,
      RuleAction: 'deny',
      Protocol: -1,
      CidrBlock: '0.0.0.0/0',
    }),
    none(),
  ],
  [
    'a route to the internet',
    none(),
    one('AWS::EC2::Route', { RouteTableId: 'r', DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw' }),
  ],
  [
    'a firewall that lets through',
    one('AWS::WAFv2::WebACL', { DefaultAction: { Block: {} } }),
    one('AWS::WAFv2::WebACL', { DefaultAction: { Allow: {} } }),
  ],
  [
    'a rule of a firewall goes',
    one('AWS::WAFv2::WebACL', { Rules: [{ Name: 'a', Priority: 1 }] }),
    one('AWS::WAFv2::WebACL', { Rules: [] }),
  ],
  [
    'an origin without control',
    one('AWS::CloudFront::Distribution', {
      DistributionConfig: { Origins: [{ Id: 'a', OriginAccessControlId: 'x' }] },
    }),
    one('AWS::CloudFront::Distribution', { DistributionConfig: { Origins: [{ Id: 'a' }] } }),
  ],
  [
    'a distribution without a firewall',
    one('AWS::CloudFront::Distribution', { DistributionConfig: { WebACLId: 'w' } }),
    one('AWS::CloudFront::Distribution', { DistributionConfig: {} }),
  ],
  [
    'a distribution without signed addresses',
    one('AWS::CloudFront::Distribution', { DistributionConfig: { DefaultCacheBehavior: { TrustedKeyGroups: ['k'] } } }),
    one('AWS::CloudFront::Distribution', { DistributionConfig: { DefaultCacheBehavior: {} } }),
  ],
  [
    'a bucket that heeds lists of access',
    one('AWS::S3::Bucket', { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } }),
    one('AWS::S3::Bucket', { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }),
  ],
  [
    'a policy of things',
    one('AWS::IoT::Policy', { PolicyDocument: document(allow('iot:Connect', 'arn:x')) }),
    one('AWS::IoT::Policy', { PolicyDocument: document(allow('iot:*', '*')) }),
  ],
  [
    'a policy on one role more',
    one('AWS::IAM::Policy', { PolicyName: 'p', Roles: ['r'], PolicyDocument: document(allow('s3:*')) }),
    one('AWS::IAM::Policy', { PolicyName: 'p', Roles: ['r', 's'], PolicyDocument: document(allow('s3:*')) }),
  ],
  ['a password for a user', one('AWS::IAM::User', {}), one('AWS::IAM::User', { LoginProfile: { Password: 'x' } })],
  [
    "a vault's denying policy goes",
    one('AWS::Backup::BackupVault', {
      BackupVaultName: 'v',
      AccessPolicy: document(deny('backup:Delete*', '*', { Principal: '*' })),
    }),
    one('AWS::Backup::BackupVault', { BackupVaultName: 'v' }),
  ],
  [
    'a grant in the lake',
    none(),
    one('AWS::LakeFormation::PrincipalPermissions', {
      Principal: { DataLakePrincipalIdentifier: 'x' },
      Permissions: ['ALL'],
      Resource: {},
      PermissionsWithGrantOption: [],
    }),
  ],
  [
    'a schedule with another role',
    one('AWS::Scheduler::Schedule', { Target: { Arn: 'a', RoleArn: 'a' } }),
    one('AWS::Scheduler::Schedule', { Target: { Arn: 'a', RoleArn: 'b' } }),
  ],
  [
    'one more provider',
    one('AWS::AppSync::GraphQLApi', { Name: 'a', AuthenticationType: 'AWS_IAM' }),
    one('AWS::AppSync::GraphQLApi', {
      Name: 'a',
      AuthenticationType: 'AWS_IAM',
      AdditionalAuthenticationProviders: [{ AuthenticationType: 'API_KEY' }],
    }),
  ],
  [
    'another policy of a cluster',
    one('AWS::EKS::AccessEntry', { ClusterName: 'c', PrincipalArn: 'p', AccessPolicies: [{ PolicyArn: 'view' }] }),
    one('AWS::EKS::AccessEntry', { ClusterName: 'c', PrincipalArn: 'p', AccessPolicies: [{ PolicyArn: 'admin' }] }),
  ],
  [
    'one more exception of a deny',
    one('AWS::SQS::QueuePolicy', {
      Queues: ['q'],
      PolicyDocument: document({ Effect: 'Deny', Action: 'sqs:*', Resource: '*', NotPrincipal: { AWS: 'a' } }),
    }),
    one('AWS::SQS::QueuePolicy', {
      Queues: ['q'],
      PolicyDocument: document({ Effect: 'Deny', Action: 'sqs:*', Resource: '*', NotPrincipal: { AWS: ['a', 'b'] } }),
    }),
  ],
  [
    'a loop of a macro',
    asIs({ Resources: { 'Fn::ForEach::A': ['x', ['a'], {}] } }),
    asIs({ Resources: { 'Fn::ForEach::A': ['x', ['a', 'b'], {}] } }),
  ],
  [
    'another secret to trust',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust({ AWS: '{{resolve:ssm:/a}}' }) }),
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust({ AWS: '{{resolve:ssm:/b}}' }) }),
  ],
  [
    'a public server',
    one('AWS::Transfer::Server', { EndpointType: 'VPC' }),
    one('AWS::Transfer::Server', { EndpointType: 'PUBLIC' }),
  ],
  [
    'a rule without sign-in',
    one('AWS::ElasticLoadBalancingV2::ListenerRule', {
      Actions: [
        { Type: 'authenticate-oidc', Order: 1 },
        { Type: 'forward', Order: 2 },
      ],
    }),
    one('AWS::ElasticLoadBalancingV2::ListenerRule', { Actions: [{ Type: 'forward', Order: 2 }] }),
  ],
  [
    'an image for everybody',
    one('AWS::ImageBuilder::DistributionConfiguration', {
      Name: 'n',
      Distributions: [
        { Region: 'r', AmiDistributionConfiguration: { LaunchPermissionConfiguration: { UserIds: ['1'] } } },
      ],
    }),
    one('AWS::ImageBuilder::DistributionConfiguration', {
      Name: 'n',
      Distributions: [
        {
          Region: 'r',
          AmiDistributionConfiguration: { LaunchPermissionConfiguration: { UserIds: ['1'], UserGroups: ['all'] } },
        },
      ],
    }),
  ],
  [
    'a deny with a condition',
    policy(deny('s3:*')),
    policy(deny('s3:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/x': 'y' } } })),
  ],
  [
    'a version without variables',
    one('AWS::IAM::Policy', {
      PolicyName: 'p',
      Roles: ['r'],
      PolicyDocument: { Version: '2012-10-17', Statement: [deny('s3:*', 'arn:aws:s3:::${aws:username}/*')] },
    }),
    one('AWS::IAM::Policy', {
      PolicyName: 'p',
      Roles: ['r'],
      PolicyDocument: { Version: '2008-10-17', Statement: [deny('s3:*', 'arn:aws:s3:::${aws:username}/*')] },
    }),
  ],
];
