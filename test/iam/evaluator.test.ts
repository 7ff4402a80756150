import fc from 'fast-check';
import { IamActions } from '../helpers/iam-actions';
import { ALLOW_ALL, Principal, type Decision, type IamRequest } from '../helpers/iam-evaluator';

const MODEL = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0';
const ROLE = 'arn:aws:iam::111122223333:role/team/app';
const TABLE = 'arn:aws:dynamodb:us-east-1:111122223333:table/State';

let iam: IamActions;
beforeAll(async () => {
  iam = await IamActions.load(['bedrock', 'dynamodb', 'iam', 'lambda']);
});

type Json = Readonly<Record<string, unknown>>;
const documentOf = (...statements: readonly Json[]) => ({ Version: '2012-10-17', Statement: statements });
const policyOf = (...statements: readonly Json[]) => ({ name: 'policy', document: documentOf(...statements) });
const allow = (Action: unknown, Resource: unknown = '*', more: Json = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown = '*', more: Json = {}) => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});
const principalOf = (...statements: readonly Json[]) => new Principal(iam, [policyOf(...statements)]);
const invoke: IamRequest = { action: 'bedrock:InvokeModel', resource: MODEL };

describe('evaluation logic', () => {
  test.each<[string, Json[], Decision]>([
    ['nothing is allowed by itself', [allow('bedrock:CountTokens')], 'notAllowed'],
    ['an Allow allows', [allow('bedrock:InvokeModel')], 'allowed'],
    ['an explicit Deny wins over every Allow', [allow('*'), deny('bedrock:Invoke*')], 'deniedExplicitly'],
    ['in whatever order', [deny('bedrock:Invoke*'), allow('*')], 'deniedExplicitly'],
    ['a Deny on something else does nothing', [allow('*'), deny('bedrock:InvokeAgent')], 'allowed'],
    [
      'a Deny whose condition does not hold does nothing',
      [allow('*'), deny('*', '*', { Condition: { Null: { 'aws:ViaAWSService': 'false' } } })],
      'allowed',
    ],
    [
      'a signed request carries who calls, whether it says so or not',
      [allow('*'), deny('*', '*', { Condition: { Null: { 'aws:PrincipalArn': 'false' } } })],
      'deniedExplicitly',
    ],
    [
      'so that an Allow for want of it allows nothing',
      [allow('*', '*', { Condition: { Null: { 'aws:PrincipalArn': 'true' } } })],
      'notAllowed',
    ],
    ['NotAction is everything else', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], 'allowed'],
    [
      'NotAction is not what it names',
      [{ Effect: 'Allow', NotAction: ['iam:*', 'bedrock:Invoke*'], Resource: '*' }],
      'notAllowed',
    ],
    [
      'NotResource is everything else',
      [{ Effect: 'Allow', Action: 'bedrock:*', NotResource: `${MODEL}-other` }],
      'allowed',
    ],
    ['NotResource is not what it names', [{ Effect: 'Allow', Action: 'bedrock:*', NotResource: MODEL }], 'notAllowed'],
    ['names of actions know no case', [allow('BEDROCK:invokemodel')], 'allowed'],
    ['* is any characters', [allow('bedrock:*Model')], 'allowed'],
    ['? is one', [allow('bedrock:InvokeMode?')], 'allowed'],
    ['? is not none', [allow('bedrock:InvokeModel?*')], 'notAllowed'],
  ])('%s', (_what, statements, expected) => {
    expect(principalOf(...statements).decide(invoke)).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ['*', MODEL, true],
    [MODEL, MODEL, true],
    ['arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0', MODEL, true],
    ['arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0', MODEL.replace('us-east-1', ''), true],
    ['arn:*:bedrock:us-east-?::foundation-model/*', MODEL, true],
    ['arn:aws:bedrock:us-east-1::foundation-model/amazon.*', MODEL, true],
    ['arn:aws:bedrock:us-east-1::foundation-model/AMAZON.*', MODEL, false],
    ['arn:aws:bedrock:us-east-1:*:foundation-model/amazon.nova-lite-v1', MODEL, false],
    ['arn:aws:bedrock:us-west-2::foundation-model/*', MODEL, false],
    // A wildcard stays between its colons; only in the last part may it go beyond them.
    ['arn:aws:bedrock:us*:foundation-model/amazon.nova-lite-v1:0', MODEL, false],
  ])('resource %s and %s: %s', (pattern, resource, expected) => {
    expect(principalOf(allow('bedrock:InvokeModel', pattern)).can({ ...invoke, resource })).toBe(expected);
  });

  test('a permissions boundary and the identity policies must both allow; neither grants by itself', () => {
    const [narrow, wide] = [policyOf(allow('bedrock:InvokeModel')), policyOf(allow('*'))];
    expect(new Principal(iam, [wide], narrow).decide(invoke)).toBe('allowed');
    expect(new Principal(iam, [wide], narrow).decide({ action: 'iam:PassRole', resource: ROLE })).toBe(
      'deniedByBoundary',
    );
    expect(new Principal(iam, [narrow], wide).decide({ action: 'iam:PassRole', resource: ROLE })).toBe('notAllowed');
    expect(new Principal(iam, [], wide).decide(invoke)).toBe('notAllowed');
    expect(new Principal(iam, [wide], policyOf(allow('*'), deny('bedrock:*'))).decide(invoke)).toBe('deniedExplicitly');
  });

  test('a deny, wherever it is, and a boundary never let more through', () => {
    const patterns = fc.constantFrom(
      '*',
      'bedrock:*',
      'bedrock:Invoke*',
      'bedrock:InvokeModel',
      'bedrock:InvokeAgent',
      'iam:*',
    );
    const effects = fc.constantFrom('Allow', 'Deny');
    const statements = fc.array(fc.record({ Effect: effects, Action: patterns, Resource: fc.constant('*') }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(statements, patterns, statements, (some, pattern, boundary) => {
        const can = principalOf(...some).can(invoke);
        expect(principalOf(...some, deny(pattern)).can(invoke) && !can).toBe(false);
        expect(new Principal(iam, [policyOf(...some)], policyOf(...boundary)).can(invoke) && !can).toBe(false);
        expect(principalOf(...some, deny('*')).can(invoke)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });
});

describe('conditions', () => {
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and …_multi-value-conditions.html */
  const KEY = 'iam:PolicyARN';
  const A = 'arn:aws:iam::111122223333:policy/DenyA';
  const B = 'arn:aws:iam::111122223333:policy/DenyB';
  const tags = (...values: string[]) => ({ 'aws:TagKeys': values });
  type Case = [string, Json, IamRequest['context'], boolean];

  test.each<Case>([
    ['StringEquals: the same', { StringEquals: { [KEY]: A } }, { [KEY]: A }, true],
    ['StringEquals: one of several', { StringEquals: { [KEY]: [B, A] } }, { [KEY]: A }, true],
    ['StringEquals: another', { StringEquals: { [KEY]: A } }, { [KEY]: B }, false],
    ['StringEquals: another case', { StringEquals: { [KEY]: A } }, { [KEY]: A.toLowerCase() }, false],
    ['StringEquals: a wildcard is a character', { StringEquals: { [KEY]: 'arn:*' } }, { [KEY]: A }, false],
    ['StringEquals: absent', { StringEquals: { [KEY]: A } }, {}, false],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { [KEY]: A } }, { [KEY]: A.toUpperCase() }, true],
    ['StringNotEquals: another', { StringNotEquals: { [KEY]: A } }, { [KEY]: B }, true],
    ['StringNotEquals: none of several may match', { StringNotEquals: { [KEY]: [B, A] } }, { [KEY]: A }, false],
    ['trap 31, StringNotEquals: absent', { StringNotEquals: { [KEY]: A } }, {}, true],
    ['StringLike', { StringLike: { [KEY]: 'arn:*/Deny?' } }, { [KEY]: A }, true],
    ['StringLike: not the whole', { StringLike: { [KEY]: 'arn:*/Deny' } }, { [KEY]: A }, false],
    ['StringLike: case matters', { StringLike: { [KEY]: '*/deny?' } }, { [KEY]: A }, false],
    ['trap 31, StringNotLike: absent', { StringNotLike: { [KEY]: '*' } }, {}, true],
    ['StringNotLike: fits', { StringNotLike: { [KEY]: '*' } }, { [KEY]: A }, false],
    ['ArnEquals', { ArnEquals: { [KEY]: A } }, { [KEY]: A }, true],
    ['ArnEquals takes wildcards', { ArnEquals: { [KEY]: 'arn:aws:iam::*:policy/Deny*' } }, { [KEY]: A }, true],
    ['ArnLike: part by part', { ArnLike: { [KEY]: 'arn:aws:*:policy/DenyA:x:y' } }, { [KEY]: A }, false],
    ['ArnLike: no ARN', { ArnLike: { [KEY]: 'arn:*:*:*:*:*' } }, { [KEY]: 'DenyA' }, false],
    ['ArnLike: absent', { ArnLike: { [KEY]: 'arn:*:*:*:*:*' } }, {}, false],
    ['trap 31, ArnNotEquals: absent', { ArnNotEquals: { [KEY]: A } }, {}, true],
    ['ArnNotLike: fits', { ArnNotLike: { [KEY]: A } }, { [KEY]: A }, false],
    ['Null true: absent', { Null: { [KEY]: 'true' } }, {}, true],
    ['Null true: there', { Null: { [KEY]: true } }, { [KEY]: A }, false],
    ['Null false: there', { Null: { [KEY]: 'false' } }, { [KEY]: A }, true],
    ['Null false: absent', { Null: { [KEY]: false } }, {}, false],
    ['Null false: an empty list is absent', { Null: { 'aws:TagKeys': 'false' } }, { 'aws:TagKeys': [] }, false],
    ['Bool', { Bool: { 'aws:ViaAWSService': 'false' } }, { 'aws:ViaAWSService': 'false' }, true],
    ['Bool: as JSON', { Bool: { 'aws:ViaAWSService': true } }, { 'aws:ViaAWSService': 'true' }, true],
    ['Bool: absent', { Bool: { 'aws:ViaAWSService': 'false' } }, {}, false],
    ['BoolIfExists: absent', { BoolIfExists: { 'aws:ViaAWSService': 'false' } }, {}, true],
    ['StringEqualsIfExists: absent', { StringEqualsIfExists: { [KEY]: A } }, {}, true],
    ['StringEqualsIfExists: another', { StringEqualsIfExists: { [KEY]: A } }, { [KEY]: B }, false],
    ['names of keys know no case', { StringEquals: { 'IAM:policyarn': A } }, { [KEY]: A }, true],
    [
      'all keys of an operator must hold',
      { StringEquals: { [KEY]: A, 'aws:PrincipalAccount': '1' } },
      { [KEY]: A },
      false,
    ],
    ['all operators must hold', { StringLike: { [KEY]: '*' }, Null: { [KEY]: 'true' } }, { [KEY]: A }, false],
    ['ForAllValues: all fit', { 'ForAllValues:StringEquals': tags('a', 'b') }, tags('b', 'a'), true],
    ['ForAllValues: one does not', { 'ForAllValues:StringEquals': tags('a', 'b') }, tags('a', 'c'), false],
    ['ForAllValues: absent', { 'ForAllValues:StringEquals': tags('a') }, {}, true],
    ['ForAllValues, negated: none fits', { 'ForAllValues:StringNotLike': tags('key1*') }, tags('key2:audit'), true],
    [
      'ForAllValues, negated: one fits',
      { 'ForAllValues:StringNotLike': tags('key1*') },
      tags('key1:hr', 'key2'),
      false,
    ],
    ['ForAllValues, negated: absent', { 'ForAllValues:StringNotLike': tags('key1*') }, {}, true],
    ['ForAnyValue: one fits', { 'ForAnyValue:StringEquals': tags('a', 'b') }, tags('c', 'a'), true],
    ['ForAnyValue: none fits', { 'ForAnyValue:StringEquals': tags('a') }, tags('c'), false],
    ['ForAnyValue: absent', { 'ForAnyValue:StringEquals': tags('a') }, {}, false],
    ['ForAnyValue, negated: one does not fit', { 'ForAnyValue:StringNotEquals': tags('a') }, tags('a', 'c'), true],
    ['ForAnyValue, negated: absent', { 'ForAnyValue:StringNotEquals': tags('a') }, {}, false],
  ])('%s', (_what, Condition, context, expected) => {
    const request = { action: 'iam:AttachRolePolicy', resource: ROLE, context };
    expect(principalOf(allow('iam:AttachRolePolicy', ROLE, { Condition })).can(request)).toBe(expected);
    expect(principalOf(allow('*'), deny('*', '*', { Condition })).decide(request)).toBe(
      expected ? 'deniedExplicitly' : 'allowed',
    );
  });

  test('LeadingKeys as the guard uses it: ForAllValues alone lets a call without the key through, Null closes that', () => {
    const keys = { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['meter'] } };
    const query = (context: IamRequest['context']) => ({ action: 'dynamodb:Query', resource: TABLE, context });
    const open = principalOf(allow('dynamodb:Query', TABLE, { Condition: keys }));
    const closed = principalOf(
      allow('dynamodb:Query', TABLE, { Condition: { ...keys, Null: { 'dynamodb:LeadingKeys': 'false' } } }),
    );
    expect([open, closed].map((one) => one.can(query({})))).toEqual([true, false]);
    expect([open, closed].map((one) => one.can(query({ 'dynamodb:LeadingKeys': ['meter'] })))).toEqual([true, true]);
    expect([open, closed].map((one) => one.can(query({ 'dynamodb:LeadingKeys': ['meter', 'x'] })))).toEqual([
      false,
      false,
    ]);
  });
});

describe('what it does not know, it refuses', () => {
  const UNKNOWN_OPERATORS = [
    ...['NumericLessThan', 'DateGreaterThan', 'IpAddress', 'BinaryEquals', 'StringMatches', 'stringequals', 'toString'],
    ...['BoolNot', 'NullIfExists', 'ForAllValues:Null', 'ForSome:StringEquals', 'ForAnyValue:StringEqualsIfExists', ''],
  ];
  const condition = (Condition: Json) => allow('iam:AttachRolePolicy', ROLE, { Condition });
  const key = (operator: string, value: unknown = '1') => condition({ [operator]: { 'iam:PolicyARN': value } });

  test.each<[string, unknown, RegExp]>([
    ...UNKNOWN_OPERATORS.map((operator): [string, unknown, RegExp] => [
      `the operator '${operator}'`,
      documentOf(key(operator)),
      /the condition operator/,
    ]),
    ['an element of principals', documentOf(allow('*', '*', { Principal: '*' })), /Principal/],
    ['a misspelt element', documentOf({ ...allow('*'), Conditions: {} }), /Conditions/],
    ['an element of the document', { ...documentOf(allow('*')), Statements: [] }, /Statements/],
    ['an older language', { ...documentOf(allow('*')), Version: '2008-10-17' }, /Version/],
    ['no version', { Statement: allow('*') }, /Version/],
    ['another effect', documentOf({ ...allow('*'), Effect: 'allow' }), /Effect/],
    ['no statement', { Version: '2012-10-17' }, /\[0\]/],
    ['no action', documentOf({ Effect: 'Allow', Resource: '*' }), /exactly one is needed/],
    ['no resource', documentOf({ Effect: 'Allow', Action: '*' }), /exactly one is needed/],
    ['Action beside NotAction', documentOf(allow('*', '*', { NotAction: 'iam:*' })), /exactly one is needed/],
    ['an empty list', documentOf(allow([])), /\[\]/],
    ['a reference that nobody resolved', documentOf(allow('iam:PassRole', { Ref: 'Role' })), /"Ref":"Role"/],
    ['a policy variable', documentOf(allow('iam:PassRole', 'arn:aws:iam::1:role/${aws:username}')), /aws:username/],
    ['a resource that is no ARN', documentOf(allow('iam:PassRole', 'role/app')), /role\/app/],
    ['a condition value that is no ARN', documentOf(key('ArnEquals', 'DenyA')), /DenyA/],
    ['a truth that is none', documentOf(key('Null', 'yes')), /yes/],
    ['a number', documentOf(key('StringEquals', 1)), /StringEquals iam:PolicyARN: 1/],
    ['an action that does not exist', documentOf(allow('bedrock:Converse')), /there is no action 'bedrock:Converse'/],
    ['a pattern that matches nothing', documentOf(deny('bedrock:Converse*')), /there is no action/],
    ['a service without actions here', documentOf(allow('ec2:*')), /there is no action 'ec2:\*'/],
    ['a typo in NotAction', documentOf({ Effect: 'Deny', NotAction: 'iam:GetRoles', Resource: '*' }), /iam:GetRoles/],
    ['a resource on an action that has none', documentOf(allow('bedrock:CallWithBearerToken', MODEL)), /not made on/],
    ['a resource of another service', documentOf(allow('bedrock:InvokeModel', ROLE)), /not made on/],
    [
      'an action beside its resource',
      documentOf(allow(['iam:PassRole', 'bedrock:InvokeModel'], ROLE)),
      /bedrock:InvokeModel is not made on/,
    ],
    [
      'a resource beside its action',
      documentOf(allow('iam:PassRole', [ROLE, MODEL])),
      /none of iam:PassRole is made on/,
    ],
    [
      'a key that the action does not have',
      documentOf(allow('iam:PassRole', ROLE, { Condition: { ArnEquals: { 'iam:PolicyARN': ROLE } } })),
      /iam:PassRole has no condition key/,
    ],
  ])('%s', (_what, document, message) => {
    expect(() => new Principal(iam, [{ name: 'policy', document }])).toThrow(message);
    expect(() => new Principal(iam, [], { name: 'boundary', document })).toThrow(message);
  });

  test.each<[string, IamRequest, RegExp]>([
    ['an action that does not exist', { ...invoke, action: 'bedrock:Converse' }, /there is no action/],
    ['a pattern', { ...invoke, action: 'bedrock:Invoke*' }, /there is no action/],
    ['a resource that the action does not take', { ...invoke, resource: ROLE }, /is not made on/],
    ['no resource where there is one', { ...invoke, resource: '*' }, /is not made on '\*'/],
    ['a resource where there is none', { action: 'bedrock:CallWithBearerToken', resource: MODEL }, /is not made on/],
    ['a key that the action does not have', { ...invoke, context: { 'iam:PolicyARN': ROLE } }, /has no condition key/],
  ])('a request with %s', (_what, request, message) => {
    expect(() => principalOf(allow('*')).decide(request)).toThrow(message);
  });

  test('several values of a key that is asked for as one', () => {
    const request = { action: 'iam:AttachRolePolicy', resource: ROLE, context: { 'iam:PolicyARN': ['a', 'b'] } };
    expect(() => principalOf(key('StringEquals')).decide(request)).toThrow(/several values/);
  });

  test('what AdministratorAccess says is known', () => {
    expect(new Principal(iam, [{ name: 'AdministratorAccess', document: ALLOW_ALL }]).can(invoke)).toBe(true);
  });
});
