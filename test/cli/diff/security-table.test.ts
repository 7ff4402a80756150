import { readFileSync } from 'node:fs';
import { factsOf } from '../../../cli/diff/table';
import { SECURITY_TABLE, securityTable, securityTableText } from '../../../scripts/security-table';

test('the table is what the schemas give: `npm run security-table` writes it anew', () => {
  expect(readFileSync(SECURITY_TABLE, 'utf8')).toBe(securityTableText(securityTable()));
});

test.each([
  ['AWS::Lambda::Url', 'AuthType', 'auth'],
  ['AWS::S3::Bucket', 'PublicAccessBlockConfiguration.BlockPublicPolicy', 'network-'],
  ['AWS::RDS::DBInstance', 'PubliclyAccessible', 'network+'],
  ['AWS::RDS::DBInstance', 'StorageEncrypted', 'encryption-'],
  ['AWS::Cognito::IdentityPool', 'AllowUnauthenticatedIdentities', 'auth+'],
  ['AWS::EC2::SecurityGroup', 'SecurityGroupIngress', 'rules'],
  ['AWS::KMS::Key', 'KeyPolicy', 'policy'],
  ['AWS::Lambda::Function', 'Role', 'role'],
  ['AWS::Lambda::Function', 'MemorySize', undefined],
  ['AWS::SQS::Queue', 'RedrivePolicy', undefined],
])('%s, %s: %s', (type, property, kind) => {
  expect(factsOf(type)?.properties?.[property]).toBe(kind);
});

test('what grants, what restricts, and what holds data', () => {
  expect(factsOf('AWS::SSO::Assignment')?.is).toContain('grants');
  expect(factsOf('AWS::WAFv2::WebACLAssociation')?.is).toContain('restricts');
  expect(factsOf('AWS::DynamoDB::Table')?.stateful).toBe(true);
  expect(factsOf('AWS::AutoScaling::ScalingPolicy')?.is).toBeUndefined();
});
