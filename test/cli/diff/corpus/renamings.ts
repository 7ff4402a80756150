import { allow, document, policy, ROLE, type Pair } from './pairs';

const table = (id: string, TableName?: string) => {
  const named = {
    Type: 'AWS::DynamoDB::Table',
    Properties: { ...(TableName ? { TableName } : {}), BillingMode: 'PAY_PER_REQUEST' },
  };
  const resource = TableName
    ? `arn:aws:dynamodb:us-east-1:111122223333:table/${TableName}`
    : { 'Fn::GetAtt': [id, 'Arn'] };
  return {
    template: {
      Resources: { [id]: named, ...(policy(allow('dynamodb:GetItem', resource)).template!['Resources'] as object) },
    },
  };
};

/** The same under another name or id: who may do what stays as it is. */
export const RENAMINGS: readonly Pair[] = [
  ['a table with another logical id', table('Old'), table('New')],
  ['a table with another name', table('T', 'orders-1'), table('T', 'orders-2')],
  [
    'another deployment of an API',
    {
      template: {
        Resources: {
          DA: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: 'x', Description: 'a' } },
          S: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: 'x', DeploymentId: { Ref: 'DA' } } },
        },
      },
    },
    {
      template: {
        Resources: {
          DB: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: 'x', Description: 'b' } },
          S: { Type: 'AWS::ApiGateway::Stage', Properties: { RestApiId: 'x', DeploymentId: { Ref: 'DB' } } },
        },
      },
    },
  ],
  [
    'another version behind an alias',
    {
      template: {
        Resources: {
          VA: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
          A: {
            Type: 'AWS::Lambda::Alias',
            Properties: {
              Name: 'live',
              FunctionName: { Ref: 'F' },
              FunctionVersion: { 'Fn::GetAtt': ['VA', 'Version'] },
            },
          },
        },
      },
    },
    {
      template: {
        Resources: {
          VB: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } },
          A: {
            Type: 'AWS::Lambda::Alias',
            Properties: {
              Name: 'live',
              FunctionName: { Ref: 'F' },
              FunctionVersion: { 'Fn::GetAtt': ['VB', 'Version'] },
            },
          },
        },
      },
    },
  ],
  [
    'a bucket and its policy under another id',
    {
      template: {
        Resources: {
          BA: { Type: 'AWS::S3::Bucket', Properties: {} },
          PA: {
            Type: 'AWS::S3::BucketPolicy',
            Properties: {
              Bucket: { Ref: 'BA' },
              PolicyDocument: document(
                allow(
                  's3:GetObject',
                  { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['BA', 'Arn'] }, '/*']] },
                  { Principal: { AWS: 'arn:aws:iam::1:role/x' } },
                ),
              ),
            },
          },
        },
      },
    },
    {
      template: {
        Resources: {
          BB: { Type: 'AWS::S3::Bucket', Properties: {} },
          PB: {
            Type: 'AWS::S3::BucketPolicy',
            Properties: {
              Bucket: { Ref: 'BB' },
              PolicyDocument: document(
                allow(
                  's3:GetObject',
                  { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['BB', 'Arn'] }, '/*']] },
                  { Principal: { AWS: 'arn:aws:iam::1:role/x' } },
                ),
              ),
            },
          },
        },
      },
    },
  ],
  [
    'a function and its role under another id',
    {
      template: {
        Resources: {
          RA: ROLE,
          FA: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['RA', 'Arn'] }, Handler: 'a' } },
          P: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              Action: 'lambda:InvokeFunction',
              FunctionName: { 'Fn::GetAtt': ['FA', 'Arn'] },
              Principal: 's3.amazonaws.com',
            },
          },
        },
      },
    },
    {
      template: {
        Resources: {
          RB: ROLE,
          FB: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['RB', 'Arn'] }, Handler: 'a' } },
          P: {
            Type: 'AWS::Lambda::Permission',
            Properties: {
              Action: 'lambda:InvokeFunction',
              FunctionName: { 'Fn::GetAtt': ['FB', 'Arn'] },
              Principal: 's3.amazonaws.com',
            },
          },
        },
      },
    },
  ],
];
