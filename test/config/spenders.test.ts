import { crossProblems } from '../../config/check';
import { environmentOf } from '../helpers/stack';

const problems = (spenders: object) =>
  crossProblems({ dev: { spenders } }).filter(({ path }) => path.includes('spenders'));

test.each<[string, object, string, RegExp]>([
  ['nothing named', {}, 'spenders', /names nothing to look at; set principalTag or invocationLogs/],
  [
    'the key as Cost Explorer has it',
    { principalTag: 'iamPrincipal/team' },
    'spenders.principalTag',
    /without iamPrincipal\/: 'team', got 'iamPrincipal\/team'/,
  ],
  [
    'a key of AWS’s own',
    { principalTag: 'aws:PrincipalType' },
    'spenders.principalTag',
    /aws: is reserved, got 'aws:PrincipalType'/,
  ],
  ['the same in capitals', { principalTag: 'AWS:x' }, 'spenders.principalTag', /reserved/],
])('refused: %s', (_what, spenders, path, text) => {
  expect(problems(spenders)).toEqual([{ path: `environments.dev.${path}`, text: expect.stringMatching(text) }]);
});

test.each([
  [{ principalTag: 'team' }],
  [{ principalTag: 'cost:iamPrincipal/x' }],
  [{ principalTag: 'awsteam' }],
  [{ invocationLogs: { logGroup: '/bedrock' } }],
])('taken: %j', (spenders) => {
  expect(problems(spenders)).toEqual([]);
});

test('what is left out is asked of nobody; each alone is enough', () => {
  const of = (spenders?: object) => environmentOf('dev', spenders === undefined ? {} : { spenders }).spenders;
  expect(of()).toEqual({});
  expect(of({ principalTag: 'team' })).toEqual({ principalTag: 'team' });
  expect(of({ invocationLogs: { logGroup: '/bedrock' } })).toEqual({ logGroup: '/bedrock' });
});
