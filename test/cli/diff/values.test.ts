import { resolved } from '../../../cli/diff/values';

/** What a template says before a deploy, as far as that can be known. */

const valueOf = (value: unknown, template: object = {}, given: Readonly<Record<string, unknown>> = {}) =>
  resolved({ ...template, Resources: { X: { Type: 'A', Properties: { value } } } }, given).Resources?.['X']
    ?.Properties?.['value'];
const parameter = (Default: unknown, more: object = {}) => ({
  Parameters: { P: { Type: 'String', Default, ...more } },
});
const REF = { Ref: 'P' };

test.each([
  ['a default', REF, parameter('a'), 'a'],
  ['a number is text', REF, parameter(3), '3'],
  ['a list', REF, parameter('a, b', { Type: 'CommaDelimitedList' }), ['a', 'b']],
  ['no default stays a reference', REF, { Parameters: { P: { Type: 'String' } } }, REF],
  ['a secret stays a reference', REF, parameter('s', { NoEcho: true }), REF],
  [
    'a place in SSM is no value',
    REF,
    parameter('/a', { Type: 'AWS::SSM::Parameter::Value<String>' }),
    '{{resolve:ssm:/a}}',
  ],
  ['a resource stays a reference', { 'Fn::GetAtt': ['R', 'Arn'] }, {}, { 'Fn::GetAtt': ['R', 'Arn'] }],
  ['Fn::Join', { 'Fn::Join': ['-', ['a', REF]] }, parameter('b'), 'a-b'],
  [
    'Fn::Join of what is not known',
    { 'Fn::Join': ['-', [REF, { Ref: 'R' }]] },
    parameter('b'),
    { 'Fn::Join': ['-', ['b', { Ref: 'R' }]] },
  ],
  ['Fn::Sub', { 'Fn::Sub': 'a ${P} ${!kept}' }, parameter('b'), 'a b ${kept}'],
  ['Fn::Sub of what is not known', { 'Fn::Sub': '${P} ${R.Arn}' }, parameter('b'), { 'Fn::Sub': 'b ${R.Arn}' }],
  ['Fn::Sub with names of its own', { 'Fn::Sub': ['${x}', { x: REF }] }, parameter('b'), 'b'],
  [
    'Fn::FindInMap',
    { 'Fn::FindInMap': ['M', REF, 'k'] },
    { ...parameter('t'), Mappings: { M: { t: { k: 'v' } } } },
    'v',
  ],
  ['Fn::Select and Fn::Split', { 'Fn::Select': ['1', { 'Fn::Split': [',', REF] }] }, parameter('a,b'), 'b'],
  ['AWS::NoValue in a list', ['a', { Ref: 'AWS::NoValue' }], {}, ['a']],
])('%s', (_, value, template, expected) => {
  expect(valueOf(value, template)).toEqual(expected);
});

test('what the stack is given goes before the default', () => {
  expect(valueOf(REF, parameter('a'), { P: 'b' })).toBe('b');
});

describe('conditions', () => {
  const choose = { 'Fn::If': ['C', 'yes', 'no'] };
  const equals = (a: unknown, b: unknown) => ({ 'Fn::Equals': [a, b] });
  const unknown = equals({ Ref: 'AWS::Region' }, 'us-east-1');
  test.each([
    ['equal', equals(REF, 'a'), 'yes'],
    ['not equal', equals(REF, 'b'), 'no'],
    ['not', { 'Fn::Not': [equals(REF, 'b')] }, 'yes'],
    ['and', { 'Fn::And': [equals(REF, 'a'), equals(REF, 'b')] }, 'no'],
    ['or', { 'Fn::Or': [equals(REF, 'a'), unknown] }, 'yes'],
    ['another by name', { Condition: 'D' }, 'no'],
    ['not known', unknown, choose],
    ['not known, and', { 'Fn::And': [equals(REF, 'a'), unknown] }, choose],
    ['false, whatever the other is', { 'Fn::And': [equals(REF, 'b'), unknown] }, 'no'],
  ])('%s', (_, C, expected) => {
    expect(valueOf(choose, { ...parameter('a'), Conditions: { C, D: equals(REF, 'b') } })).toEqual(expected);
  });

  test('a resource whose condition is false is not there, and one of which nobody knows stays', () => {
    const template = {
      Conditions: { No: equals('a', 'b'), Yes: equals('a', 'a'), Perhaps: unknown },
      Resources: {
        A: { Type: 'A', Condition: 'No' },
        B: { Type: 'A', Condition: 'Yes' },
        C: { Type: 'A', Condition: 'Perhaps' },
      },
    };
    expect(resolved(template).Resources).toEqual({ B: { Type: 'A' }, C: { Type: 'A', Condition: 'Perhaps' } });
  });
});
