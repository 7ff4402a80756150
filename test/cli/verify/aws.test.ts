import path from 'node:path';
import { guardVersion } from '../../../cli/verify/version';
import { endpointIn, verifyServices } from '../../../cli/verify/aws';

test('every service has its adapter, and none is asked by making it', () => {
  const services = verifyServices();
  for (const name of Object.keys(services) as (keyof typeof services)[]) expect(services[name]).toBeDefined();
  expect(services.policyVersions('arn')).toBeDefined();
  expect(services.budgets({ account: '1', partition: 'aws' })).toBeDefined();
});

test.each([
  [{}, 'aws'],
  [{ AWS_ENDPOINT_URL: '' }, 'aws'],
  [{ AWS_ENDPOINT_URL: 'http://localhost:4599' }, 'http://localhost:4599'],
  [{ AWS_ENDPOINT_URL_IAM: 'http://proxy' }, 'http://proxy'],
  [{ AWS_REGION: 'us-east-1' }, 'aws'],
])('%j is %s', (variables, endpoint) => expect(endpointIn(variables)).toBe(endpoint));

test('the version is that of the package, wherever in it the code is', () => {
  const { version } = jest.requireActual<{ version: string }>('../../../package.json');
  expect([guardVersion(), guardVersion(path.resolve('client')), guardVersion(path.resolve('.'))]).toEqual([
    version,
    version,
    version,
  ]);
  expect(() => guardVersion(path.parse(process.cwd()).root)).toThrow(/no package.json of bedrock-spend-guard/);
});
