import { parseSwitchEnv } from '../../lambda/switch/env';
import { namesOf, principalsOf } from '../../lambda/principals';

const VARIABLES = {
  ENVIRONMENT: 'dev',
  SWITCH_ARN: 'arn:aws:iam::111122223333:policy/switch',
  DENY_BILL_ARN: 'arn:aws:iam::111122223333:policy/deny-bill',
  PARTITION: 'aws',
  ACCOUNT_ID: '111122223333',
  SMALL_MODELS: '[]',
  INVOKER_ROLE: 'invoker',
  PRINCIPALS: JSON.stringify({ roles: ['app'], users: ['bot'], groups: [] }),
  STATE_TABLE_NAME: 'state',
  KEEPS_STATE: 'false',
  AWS_REGION: 'us-east-1',
  MANAGED_FUNCTIONS: '[]',
};

const held = (lists?: object) =>
  parseSwitchEnv({ ...VARIABLES, ...(lists && { HELD_PRINCIPALS: JSON.stringify(lists) }) });

test('those of the config alone', () => {
  expect(principalsOf(held())).toEqual([
    { kind: 'role', name: 'invoker' },
    { kind: 'role', name: 'app' },
    { kind: 'user', name: 'bot' },
  ]);
});

test('those of the app beside them, each once', () => {
  const env = held({ roles: ['worker', 'app'], users: [], groups: ['people'] });
  expect(principalsOf(env).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'role invoker',
    'role app',
    'role worker',
    'user bot',
    'group people',
  ]);
  expect(namesOf(env, 'roles')).toEqual(['app', 'worker']);
});

test.each([
  ['no JSON', '{'],
  ['a list missing', JSON.stringify({ roles: [] })],
  ['an empty name, as of a role that is not there', JSON.stringify({ roles: [''], users: [], groups: [] })],
])('%s is refused: nobody would be stopped in silence', (_what, HELD_PRINCIPALS) => {
  expect(() => parseSwitchEnv({ ...VARIABLES, HELD_PRINCIPALS })).toThrow(/HELD_PRINCIPALS/);
});
