import fc from 'fast-check';
import { load } from 'js-yaml';
import { differences } from '../helpers/template-yaml/differences';
import { yaml } from '../helpers/template-yaml/layout';
import { readable, readableSettings, type CloudFormationTemplate } from '../helpers/template-yaml/readable';
import { sections } from '../helpers/template-yaml/sections';

type Resources = CloudFormationTemplate['Resources'];

const told = (properties: Readonly<Record<string, unknown>>, ids: readonly string[] = []) => {
  const others = Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::SNS::Topic' }]));
  return readable({ Resources: { One: { Type: 'AWS::X::Y', Properties: properties }, ...others } }).resources['One']!
    .properties;
};

describe('layout', () => {
  it('is read back as what was written, whatever the texts', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'null',
        'true',
        'Null',
        '1',
        '1.0',
        '2012-10-17',
        '${A.Arn}',
        'a: b',
        'a #b',
        '*',
        '',
        ' a',
        '- a',
        'a\nb',
        '#',
        '{}',
        '~',
      ),
    );
    const { data } = fc.letrec<{ data: unknown; key: string }>((tie) => ({
      key: text.filter((one) => one !== '__proto__') as fc.Arbitrary<string>,
      data: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('data'), { maxLength: 4 }),
        fc.dictionary(tie('key'), tie('data'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(data, (one) => {
        expect(load(yaml({ section: one, long: ['x'.repeat(140), one], deep: { ['y'.repeat(140)]: one } }))).toEqual({
          section: one,
          long: ['x'.repeat(140), one],
          deep: { ['y'.repeat(140)]: one },
        });
      }),
    );
  });

  it('gives what fits one line, and the members of what does not a line each', () => {
    const wide = ['a', 'b'].map((one) => one.repeat(80));
    expect(yaml({ section: { short: { a: [1, 'b'] }, wide } })).toBe(
      `section:\n  short: { a: [1, b] }\n  wide:\n    - ${wide[0]}\n    - ${wide[1]}\n`,
    );
  });
});

describe('references', () => {
  it.each([
    [{ Ref: 'TopicABCDEF01' }, '${Topic}'],
    [{ 'Fn::GetAtt': ['TopicABCDEF01', 'Arn'] }, '${Topic.Arn}'],
    [
      { 'Fn::Join': ['', ['a:', { Ref: 'AWS::AccountId' }, ':', { Ref: 'TopicABCDEF01' }]] },
      'a:${AWS::AccountId}:${Topic}',
    ],
    [{ 'Fn::Sub': 'a-${AWS::Region}-${TopicABCDEF01.Arn}' }, 'a-${AWS::Region}-${Topic.Arn}'],
    ['of a user: ${aws:username}', 'of a user: ${!aws:username}'],
    [{ 'Fn::Join': ['', ['a', { 'Fn::ImportValue': 'b' }]] }, { 'Fn::Join': ['', ['a', { 'Fn::ImportValue': 'b' }]] }],
  ])('%j', (value, text) => {
    expect(told({ Value: value }, ['TopicABCDEF01'])['Value']).toEqual(text);
  });

  it('two that would be called the same keep their hashes, in their names and wherever they are meant', () => {
    const value = { a: { Ref: 'TopicABCDEF01' }, b: { Ref: 'TopicABCDEF02' } };
    const { resources } = readable({
      Resources: {
        One: { Type: 'AWS::X::Y', Properties: value, DependsOn: 'TopicABCDEF02' },
        TopicABCDEF01: { Type: 'AWS::SNS::Topic' },
        TopicABCDEF02: { Type: 'AWS::SNS::Topic' },
      },
    });
    expect(Object.keys(resources)).toEqual(['One', 'TopicABCDEF01', 'TopicABCDEF02']);
    expect(resources['One']!.properties).toEqual({
      DependsOn: ['TopicABCDEF02'],
      a: '${TopicABCDEF01}',
      b: '${TopicABCDEF02}',
    });
  });

  it('one that has the bare name of another leaves the other its hash', () => {
    const ids = Object.keys(readable({ Resources: { Topic: { Type: 'A' }, TopicABCDEF01: { Type: 'A' } } }).resources);
    expect(ids).toEqual(['Topic', 'TopicABCDEF01']);
  });

  it('one that has the bare name of a parameter keeps its hash', () => {
    const template = { Parameters: { Topic: { Type: 'String' } }, Resources: { TopicABCDEF01: { Type: 'A' } } };
    expect(Object.keys(readable(template).resources)).toEqual(['TopicABCDEF01']);
  });

  it('a name made of the own logical id is told so, and one that is only like it is not', () => {
    const named = (PolicyName: string) =>
      readable({ Resources: { PolicyABCDEF01: { Type: 'AWS::IAM::Policy', Properties: { PolicyName } } } }).resources;
    expect(named('PolicyABCDEF01')['Policy']!.properties).toEqual({ PolicyName: '<its logical id>' });
    for (const other of ['Policy', 'PolicyABCDEF02']) {
      expect(named(other)['Policy']!.properties).toEqual({ PolicyName: other });
    }
  });
});

describe('masks', () => {
  const hash = 'ab'.repeat(32);

  it('the hash of an asset, and neither its bucket nor what only looks like one', () => {
    const key = (text: string) => told({ Code: { S3Bucket: 'b', S3Key: text } })['Code'];
    expect(key(`${hash}.zip`)).toEqual({ S3Bucket: 'b', S3Key: '<hash>.zip' });
    for (const other of ['latest.zip', `${hash}.zip.old`, `${hash.slice(1)}.zip`, `x/${hash}.zip`]) {
      expect(key(other)).toEqual({ S3Bucket: 'b', S3Key: other });
    }
  });

  it('the fingerprint of all else', () => {
    expect(told({ TemplateFingerprint: '0123456789abcdef' })).toEqual({ TemplateFingerprint: '<fingerprint>' });
    expect(told({ TemplateFingerprint: 'none' })).toEqual({ TemplateFingerprint: 'none' });
  });

  it('no logical id of what others hold, or what keeps something', () => {
    const resources = {
      TableABCDEF01: { Type: 'AWS::DynamoDB::GlobalTable' },
      AlarmABCDEF01: { Type: 'AWS::CloudWatch::Alarm' },
    };
    expect(readable({ Resources: resources }).contract).toEqual({ 'AWS::DynamoDB::GlobalTable': ['TableABCDEF01'] });
  });

  it('nothing where an attribute and a property have the same name', () => {
    const resources: Resources = { One: { Type: 'Custom::X', Properties: { Condition: 'a' }, Condition: 'b' } };
    expect(() => readable({ Resources: resources })).toThrow('One: Condition stands both');
  });
});

describe('what is folded', () => {
  it('JSON in a text, where its text can be had back', () => {
    expect(told({ Body: { 'Fn::Join': ['', ['{"b":"', { Ref: 'AWS::Region' }, '","a":[1]}']] } })).toEqual({
      'Body (JSON)': { b: '${AWS::Region}', a: [1] },
    });
    for (const text of ['{"a": 1}', '{"a":1,"a":2}', '{"a":1.0}', '{', '[x]']) {
      expect(told({ Body: text })).toEqual({ Body: text });
    }
  });

  it('tags and dimensions, unless one stands twice', () => {
    expect(
      told({
        Tags: [
          { Key: 'b', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      }),
    ).toEqual({ Tags: { a: '2', b: '1' } });
    const twice = [
      { Name: 'a', Value: '1' },
      { Name: 'a', Value: '2' },
    ];
    expect(told({ Dimensions: twice })).toEqual({ Dimensions: twice });
  });

  it('statements, the effect first; NotAction, NotResource and NotPrincipal stay what they are', () => {
    const allow = { Effect: 'Allow', Action: ['a:B'], Condition: { Bool: { c: 'true' } }, Resource: '*', Sid: 'S' };
    const deny = { Effect: 'Deny', NotAction: 'a:B', NotResource: '*', NotPrincipal: '*' };
    const document = { Version: '2012-10-17', Statement: [allow, deny] };
    const { PolicyDocument: shown } = told({ PolicyDocument: document });
    expect(JSON.stringify(shown)).toBe(
      JSON.stringify([
        { Sid: 'S', Allow: ['a:B'], Resource: '*', Condition: { Bool: { c: 'true' } } },
        { Effect: 'Deny', NotAction: 'a:B', NotPrincipal: '*', NotResource: '*' },
      ]),
    );
    expect(told({ PolicyDocument: { ...document, Version: '2008-10-17' } })).toHaveProperty('PolicyDocument.Version');
  });

  it('settings that two functions read alike; apart where they differ', () => {
    expect(readableSettings({ b: { X: '1', Y: '["y"]' }, a: { X: '1', Y: '["z"]' } })).toEqual({
      'X (a, b)': '1',
      'Y (a)': ['z'],
      'Y (b)': ['y'],
    });
  });

  it('what most of a type have in common; who has another value or none says so', () => {
    const alarm = (properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties } });
    const resources = { A: alarm({ Period: 60 }), B: alarm({ Period: 60 }), C: alarm({ Period: 60 }) };
    const alarms = (more: Resources) => sections(readable({ Resources: { ...resources, ...more } }))['alarms'];
    expect(alarms({ D: alarm({ Period: 300 }), E: alarm({}) })).toEqual({
      'every AWS::CloudWatch::Alarm unless it says otherwise': { Period: 60 },
      'A (AWS::CloudWatch::Alarm)': {},
      'B (AWS::CloudWatch::Alarm)': {},
      'C (AWS::CloudWatch::Alarm)': {},
      'D (AWS::CloudWatch::Alarm)': { Period: 300 },
      'E (AWS::CloudWatch::Alarm)': { Period: '<none>' },
    });
    // Half is not most.
    expect(alarms({ D: alarm({}), E: alarm({}), F: alarm({}) })).not.toHaveProperty([
      'every AWS::CloudWatch::Alarm unless it says otherwise',
    ]);
  });
});

describe('differences', () => {
  const side = (environment: string, properties: object, more: Resources = {}) => ({
    environment,
    template: readable({ Resources: { One: { Type: 'AWS::X::Y', Properties: { ...properties } }, ...more } }),
  });
  const found = (dev: object, prod: object) => {
    const { different = {} } = differences(side('dev', dev), side('prod', prod));
    return (different as Readonly<Record<string, unknown>>)['One (AWS::X::Y)'] ?? {};
  };

  it.each([
    ['its own name is none', { A: 'guard-dev-x' }, { A: 'guard-prod-x' }, {}],
    ['another one’s name is', { A: 'guard-dev' }, { A: 'guard-dev' }, { A: { dev: 'guard-dev', prod: 'guard-dev' } }],
    ['so is its own where the other has no name', { A: 'prod' }, { A: 'prod' }, { A: { dev: 'prod', prod: 'prod' } }],
    ['a part of a word is no name', { A: 'device' }, { A: 'prodice' }, { A: { dev: 'device', prod: 'prodice' } }],
    ['a value', { A: { B: 1 } }, { A: { B: 2 } }, { 'A / B': { dev: 1, prod: 2 } }],
    ['a value of another type', { A: '1' }, { A: 1 }, { A: { dev: '1', prod: 1 } }],
    ['one that the other has not', { A: 1 }, { B: 0 }, { A: { dev: 1 }, B: { prod: 0 } }],
    ['members', { A: ['a', 'b'] }, { A: ['c', 'a'] }, { 'A (members)': { dev: ['b'], prod: ['c'] } }],
    ['one that stands twice', { A: ['a'] }, { A: ['a', 'a'] }, { 'A (members)': { dev: [], prod: ['a'] } }],
    ['an order', { A: ['a', 'b'] }, { A: ['b', 'a'] }, { 'A (order)': { dev: ['a', 'b'], prod: ['b', 'a'] } }],
    ['in a member', { A: [{ x: 1 }, { x: 2 }] }, { A: [{ x: 1 }, { x: 3 }] }, { 'A[1] / x': { dev: 2, prod: 3 } }],
  ])('%s', (_, dev, prod, expected) => {
    expect(found(dev, prod)).toEqual(expected);
  });

  it('whole resources, with their logical ids', () => {
    const table = (id: string): Resources => ({
      [id]: { Type: 'AWS::DynamoDB::GlobalTable', DeletionPolicy: 'Retain' },
    });
    expect(differences(side('dev', {}, table('Old')), side('prod', {}, table('New')))).toEqual({
      'only in prod': { 'New (AWS::DynamoDB::GlobalTable)': { DeletionPolicy: 'Retain' } },
      'only in dev': ['Old (AWS::DynamoDB::GlobalTable)'],
      different: { 'logical ids': { 'AWS::DynamoDB::GlobalTable (members)': { dev: ['Old'], prod: ['New'] } } },
    });
  });
});
