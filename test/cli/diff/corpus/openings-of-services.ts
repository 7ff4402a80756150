import { allow, deny, document, none, one, ROLE, trust, type Pair } from './pairs';

const FOREIGN = 'arn:aws:iam::444455556666:root';

/** Of identities, APIs, and services that share something. */
export const OPENINGS_OF_SERVICES: readonly Pair[] = [
  ['no protection from termination', { properties: { terminationProtection: true } }, {}],
  [
    'a nested template that is not there',
    one('AWS::CloudFormation::Stack', { TemplateURL: 'https://a' }),
    one('AWS::CloudFormation::Stack', { TemplateURL: 'https://b' }),
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
    'a key for another account',
    one('AWS::KMS::Key', {
      KeyPolicy: document(allow('kms:*', '*', { Principal: { AWS: 'arn:aws:iam::111122223333:root' } })),
    }),
    one('AWS::KMS::Key', {
      KeyPolicy: document(allow('kms:*', '*', { Principal: { AWS: ['arn:aws:iam::111122223333:root', FOREIGN] } })),
    }),
  ],
  [
    'a repository for another account',
    one('AWS::ECR::Repository', {}),
    one('AWS::ECR::Repository', {
      RepositoryPolicyText: document({ Effect: 'Allow', Action: 'ecr:*', Principal: { AWS: FOREIGN } }),
    }),
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
    'a custom resource told something else',
    one('Custom::Thing', { ServiceToken: 'f', Who: 'a' }),
    one('Custom::Thing', { ServiceToken: 'f', Who: '*' }),
  ],
  ['a type that no schema holds', one('My::Own::Thing', { Who: 'a' }), one('My::Own::Thing', { Who: 'b' })],
  ['a macro', { template: { Transform: [], Resources: {} } }, { template: { Transform: ['Macro'], Resources: {} } }],
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
    'another secret to trust',
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust({ AWS: '{{resolve:ssm:/a}}' }) }),
    one('AWS::IAM::Role', { AssumeRolePolicyDocument: trust({ AWS: '{{resolve:ssm:/b}}' }) }),
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
