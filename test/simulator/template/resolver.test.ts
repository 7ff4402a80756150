import { GuardError } from '../../../core/errors';
import { Resolver, type Template } from '../../../simulator/template/resolver';

const template: Template = {
  Parameters: { Stage: { Default: 'blue' }, Missing: {} },
  Mappings: { Sizes: { 'us-east-1': { memory: 256 } } },
  Conditions: {
    IsEast: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
    IsWest: { 'Fn::Not': [{ Condition: 'IsEast' }] },
  },
  Resources: {
    Check: { Type: 'AWS::Lambda::Function' },
    Named: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: { 'Fn::Sub': 'check-${AWS::Region}' } } },
    Role: { Type: 'AWS::IAM::Role' },
    Deny: { Type: 'AWS::IAM::ManagedPolicy' },
    Switch: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'switch', Path: '/team/' } },
    Topic: { Type: 'AWS::SNS::Topic' },
    Table: { Type: 'AWS::DynamoDB::GlobalTable' },
    Group: { Type: 'AWS::Logs::LogGroup' },
    Budget: { Type: 'AWS::Budgets::Budget', Properties: { Budget: { BudgetName: 'spend-dev' } } },
    Action: { Type: 'AWS::Budgets::BudgetsAction' },
  },
};
const resolver = new Resolver(template, { stackName: 'Guard', region: 'us-east-1', account: '123456789012' });

describe('values of a deployed stack', () => {
  test.each<[what: string, value: unknown, resolved: unknown]>([
    ['plain values', { a: [1, 'x', true, null] }, { a: [1, 'x', true, null] }],
    ['pseudo parameters', { Ref: 'AWS::AccountId' }, '123456789012'],
    ['a parameter by its default', { Ref: 'Stage' }, 'blue'],
    ['a function by name', { Ref: 'Check' }, 'Guard-Check'],
    ['a function by its own name', { Ref: 'Named' }, 'check-us-east-1'],
    ['a topic by ARN', { Ref: 'Topic' }, 'arn:aws:sns:us-east-1:123456789012:Guard-Topic'],
    ['a managed policy by ARN', { Ref: 'Deny' }, 'arn:aws:iam::123456789012:policy/Guard-Deny'],
    ['a managed policy under a path', { Ref: 'Switch' }, 'arn:aws:iam::123456789012:policy/team/switch'],
    ['a budget by its name', { Ref: 'Budget' }, 'spend-dev'],
    ['an ARN', { 'Fn::GetAtt': ['Check', 'Arn'] }, 'arn:aws:lambda:us-east-1:123456789012:function:Guard-Check'],
    ['an ARN in dots', { 'Fn::GetAtt': 'Role.Arn' }, 'arn:aws:iam::123456789012:role/Guard-Role'],
    [
      'the ARN of a log group',
      { 'Fn::GetAtt': ['Group', 'Arn'] },
      'arn:aws:logs:us-east-1:123456789012:log-group:Guard-Group:*',
    ],
    ['an id that AWS makes up', { 'Fn::GetAtt': ['Action', 'ActionId'] }, 'Guard-Action.ActionId'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }, 3]] }, 'a/Guard-Table/3'],
    ['Split and Select', { 'Fn::Select': [5, { 'Fn::Split': [':', { Ref: 'Topic' }] }] }, 'Guard-Topic'],
    [
      'Sub',
      { 'Fn::Sub': 'x-${AWS::Partition}-${Check.Arn}-${!Kept}' },
      'x-aws-arn:aws:lambda:us-east-1:123456789012:function:Guard-Check-${Kept}',
    ],
    ['Sub with variables', { 'Fn::Sub': ['${a}${Stage}', { a: { Ref: 'Stage' } }] }, 'blueblue'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] }, 256],
    ['If', { 'Fn::If': ['IsEast', 'east', 'west'] }, 'east'],
    ['If, else', { 'Fn::If': ['IsWest', 'west', { Ref: 'Stage' }] }, 'blue'],
    [
      'And, Or',
      [{ 'Fn::And': [{ Condition: 'IsEast' }, { Condition: 'IsWest' }] }, { 'Fn::Or': [{ Condition: 'IsEast' }] }],
      [false, true],
    ],
    ['NoValue in lists and objects', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
    [
      "an IAM statement's Condition",
      { Condition: { StringEquals: { a: 'b' } } },
      { Condition: { StringEquals: { a: 'b' } } },
    ],
  ])('%s', (_what, value, resolved) => expect(resolver.resolve(value)).toEqual(resolved));

  test.each<[what: string, value: unknown, says: string]>([
    ['an unknown intrinsic', { 'Fn::GetAZs': '' }, 'Fn::GetAZs'],
    ['an import', { 'Fn::ImportValue': 'other' }, 'Fn::ImportValue'],
    ['a reference to nothing', { Ref: 'Nobody' }, "'Nobody'"],
    ['a parameter without a default', { Ref: 'Missing' }, "'Missing'"],
    ['an unknown attribute', { 'Fn::GetAtt': ['Check', 'Colour'] }, 'Check.Colour'],
    ['an ARN of an unknown type', { 'Fn::GetAtt': ['Action', 'Arn'] }, 'AWS::Budgets::BudgetsAction'],
    ['a condition nobody defined', { 'Fn::If': ['Else', 1, 2] }, "'Else'"],
    ['a selection past the end', { 'Fn::Select': [3, ['a']] }, 'Fn::Select 3'],
    ['a map entry that is not there', { 'Fn::FindInMap': ['Sizes', 'mars', 'memory'] }, 'mars'],
  ])('%s is an error, never a guess', (_what, value, says) => {
    const resolve = () => resolver.resolve(value);
    expect(resolve).toThrow(GuardError);
    expect(resolve).toThrow(says);
    expect(resolve).toThrow('template of Guard');
  });
});
