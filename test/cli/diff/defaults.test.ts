import { rmSync } from 'node:fs';
import { diff } from '../../../cli/commands/diff';
import { allow, document, one, written, type Side } from './corpus/pairs';

/** What holds where a resource names none: of a source that was found, or not judged, which counts as broader. */

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
const compared = (...sides: readonly [Side, Side]) => {
  const [base, head] = sides.map((side) => written(side)) as [string, string];
  folders.push(base, head);
  const { data, lines } = diff(base, head);
  const text = lines.map((line) => (typeof line === 'string' ? line : line.text)).join('\n');
  return { broadened: data['broadened'], text };
};

const role = (...policies: string[]) =>
  one('AWS::IAM::Role', {
    AssumeRolePolicyDocument: document(),
    ManagedPolicyArns: policies.map((name) => `arn:aws:iam::aws:policy/${name}`),
  });
const group = (egress?: readonly object[]) =>
  one('AWS::EC2::SecurityGroup', { GroupDescription: 'g', ...(egress && { SecurityGroupEgress: egress }) });
const HTTPS = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' };
const key = (policy?: object) => one('AWS::KMS::Key', { Description: 'k', ...(policy && { KeyPolicy: policy }) });
const root = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] };
const oneRole = document(allow('kms:Decrypt', '*', { Principal: { AWS: 'arn:aws:iam::111122223333:role/a' } }));
const api = (policy?: object) => one('AWS::ApiGateway::RestApi', { Name: 'a', ...(policy && { Policy: policy }) });
const everybody = document(allow('execute-api:Invoke', '*', { Principal: '*' }));

test.each<[string, Side, Side, boolean]>([
  ['PowerUserAccess goes', role('PowerUserAccess'), role(), false],
  ['AWSLambdaBasicExecutionRole goes', role('service-role/AWSLambdaBasicExecutionRole'), role(), false],
  ['AdministratorAccess goes', role('AdministratorAccess'), role(), false],
  ['a policy of AWS goes whose document was not found', role('ReadOnlyAccess'), role(), true],
  ['a group loses its rules for the way out', group([HTTPS]), group(), true],
  ['a group gets its first one', group(), group([HTTPS]), true],
  ['one of two rules goes', group([HTTPS, { ...HTTPS, FromPort: 22, ToPort: 22 }]), group([HTTPS]), false],
  ["a key's policy goes, and with it who alone might use it", key(oneRole), key(), true],
  [
    'a key gets the policy that it has by itself',
    key(),
    key(document(allow('kms:*', '*', { Principal: { AWS: root } }))),
    false,
  ],
  ["an API's policy goes", api(everybody), api(), true],
  ['an API gets its first one', api(), api(everybody), true],
])('%s', (_what, base, head, isBroader) => {
  const { broadened, text } = compared(base, head);
  expect({ broadened, text }).toEqual({ broadened: isBroader, text: expect.stringContaining('Access gets') });
});
