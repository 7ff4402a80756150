import { ACCOUNT } from '../../../../local/emulator';
import { policy } from '../support';

export const POLICY = {
  Resources: {
    Policy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: JSON.parse(policy({ Effect: 'Deny', Action: 's3:*' })) },
    },
  },
};

export const ROLE = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
  },
};

/** Everything by its policy, of which its boundary leaves one action. */
export const BOUNDED_ROLE = {
  Resources: {
    Boundary: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: JSON.parse(policy({ Action: 'iam:ListRoles' })) },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        PermissionsBoundary: { Ref: 'Boundary' },
        Policies: [{ PolicyName: 'all', PolicyDocument: JSON.parse(policy({ Action: 'iam:*' })) }],
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
  },
};

export const PROTECTED_TABLE = {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      },
    },
  },
};
