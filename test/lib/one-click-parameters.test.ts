import { PARAMETERS, type ParameterName, type TemplateParameter } from '../../lib/one-click-parameters';

/** As CloudFormation looks at a value: the pattern is of the whole of it, and length counts as well. */
function takes(name: ParameterName, value: string): boolean {
  const { pattern, longest, values }: TemplateParameter = PARAMETERS[name];
  if (values !== undefined) return values.includes(value);
  if (longest !== undefined && value.length > longest) return false;
  return pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value);
}

const NAME = 'x'.repeat(64);
const ARN = 'arn:aws:events:us-east-1:111122223333:event-bus/';

test.each<[ParameterName, readonly string[], readonly string[]]>([
  [
    'MonthlyLimitUsd',
    ['1', '9', '10', '50', '999999', '1000000'],
    [
      '',
      '0',
      '00',
      '050',
      '1e3',
      '1000001',
      '2000000',
      '9999999',
      '50.5',
      '-5',
      '+5',
      ' 50',
      '50 ',
      '$50',
      '50 USD',
      '٥',
    ],
  ],
  [
    'Email',
    ['a@b.co', 'team+bedrock@example.com', 'first.last@mail.example.co.uk', 'a_b-c%d@x-y.example'],
    [
      ...[
        '',
        'a',
        'a@b',
        '@example.com',
        'a@.com',
        'a@b..com',
        'a b@example.com',
        '"a b"@example.com',
        'a@b.com, c@d.com',
      ],
      ...["o'neil@example.com", 'a\\b@example.com', 'a@example.com\n', 'A <a@example.com>', 'a@-b.com', 'a@b.c'],
    ],
  ],
  ['Mode', ['enforce', 'watch'], ['', 'Enforce', 'stop']],
  ['AccountWide', ['yes', 'no'], ['', 'true', 'Yes']],
  [
    'GuardedRoles',
    ['', 'app', 'app,batch', ' app , batch ', 'app,', 'app, ', NAME, 'a+=.@_-b', 'AWSReserved'],
    [
      ...[',', ' ', ',app', 'app,,batch', 'app;batch', 'team/app', 'arn:aws:iam::111122223333:role/app', `${NAME}x`],
      ...['app batch', 'app"', 'app\\', 'AWSReservedSSO_Developer_0123456789abcdef', 'app,AWSReservedSSO_x'],
      Array.from({ length: 13 }, () => NAME).join(','),
    ],
  ],
  ['GuardedUsers', ['', 'bot', 'bot,deployer'], ['bot,,x', 'team/bot', `${NAME}x`]],
  ['GuardedGroups', ['', 'people', `${NAME}${NAME}`], ['people/x', `${NAME}${NAME}x`]],
  [
    'AssetBucket',
    ['abc', 'my-bucket', 'my.bucket.1', 'x'.repeat(63)],
    ['', 'ab', 'x'.repeat(64), 'My-bucket', 's3://my-bucket', '-my-bucket', 'my-bucket-', 'my_bucket', 'my-bucket/x'],
  ],
  [
    'AssetPrefix',
    ['', 'spend-guard/', 'spend-guard/0.1.0/', 'a_b/'],
    ['/', '/a/', 'a', 'a//', 'a b/', 'a/b', `${'x'.repeat(512)}/`],
  ],
  [
    'HubBusArn',
    ['', `${ARN}hub`, `${ARN}org/hub_1.a-b`, `${ARN.replace('aws', 'aws-us-gov')}hub`],
    ['hub', ARN, `${ARN}a b`, ARN.replace('111122223333', '1') + 'hub', 'arn:aws:sns:us-east-1:111122223333:topic'],
  ],
])('%s takes and refuses', (name, taken, refused) => {
  expect(taken.filter((value) => !takes(name, value))).toEqual([]);
  expect(refused.filter((value) => takes(name, value))).toEqual([]);
});

test('what a pattern refuses is said by what is allowed, and each default is taken', () => {
  for (const [name, one] of Object.entries(PARAMETERS) as [ParameterName, TemplateParameter][]) {
    expect({ name, isSaid: one.pattern === undefined || one.constraint?.startsWith('must be') }).toEqual({
      ...{ name, isSaid: true },
    });
    if (one.default !== undefined) expect({ name, isTaken: takes(name, one.default) }).toEqual({ name, isTaken: true });
    // CloudFormation's own limit.
    expect(one.description.length).toBeLessThan(4_000);
  }
});

test('no value that is put into JSON can break out of it', () => {
  const inJson: readonly ParameterName[] = [
    'MonthlyLimitUsd',
    'Email',
    'GuardedRoles',
    'GuardedUsers',
    'GuardedGroups',
  ];
  for (const name of inJson) {
    for (const character of ['"', '\\', '\n', '\t', ';', '{', '$']) {
      expect({ name, character, isTaken: takes(name, `a${character}@b.co`) || takes(name, `a${character}`) }).toEqual({
        ...{ name, character, isTaken: false },
      });
    }
  }
});
