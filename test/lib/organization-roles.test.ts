import { hubTemplateOf } from '../helpers/hub';
import { resourcesOf, roleIds, statementsOf } from '../helpers/stack';

const template = hubTemplateOf();

test('all that each role may do, and on what; what is not here nobody of the hub may', () => {
  const roles = Object.entries(resourcesOf(template, 'AWS::IAM::Role'));
  const named = (resource: unknown) =>
    JSON.stringify(resource)
      .replaceAll(/\{"Fn::GetAtt":\["(\w+?)(?:[0-9A-F]{8})?","Arn"\]\}/g, '$1')
      .replaceAll('"', '');
  const keys = (condition: unknown) =>
    /"dynamodb:LeadingKeys":(\[[^\]]*\]|"[^"]*")/.exec(JSON.stringify(condition ?? ''))?.[1] ?? '';
  const table = Object.fromEntries(
    roles.map(([id]) => [
      id.replace(/[0-9A-F]{8}$/, ''),
      statementsOf(template, id).map(({ Action, Resource, Condition }) =>
        `${[Action].flat().join(' ')} on ${named(Resource)} ${keys(Condition)}`.trim(),
      ),
    ]),
  );
  expect(table).toEqual({
    SchedulesRole: [
      'sqs:SendMessage on SchedulesDeadLetters',
      'lambda:InvokeFunction on [BrakeFunction,ReportFunction]',
    ],
    BrakeRole: [
      'logs:CreateLogStream logs:PutLogEvents on BrakeLogs',
      'dynamodb:PutItem dynamodb:Query on Table ["ACCOUNT#*"]',
      'dynamodb:Scan on Table',
      'dynamodb:PutItem on Table ["HUB"]',
      'sns:Publish on {Ref:AlertsTopicCF7C81C9}',
      'organizations:AttachPolicy organizations:DetachPolicy on [arn:aws:organizations::111111111111:account/o-a1b2c3d4e5/*,BrakePolicy]',
      'organizations:ListTargetsForPolicy on BrakePolicy',
    ],
    PeopleOperator: [
      'lambda:InvokeFunction on [BrakeFunction,ReportFunction]',
      'lambda:ListTags on [BrakeFunction,ReportFunction,RollUpFunction]',
      'lambda:ListFunctions on *',
    ],
    PeopleViewer: [
      'lambda:InvokeFunction on ReportFunction',
      'lambda:ListTags on [BrakeFunction,ReportFunction,RollUpFunction]',
      'lambda:ListFunctions on *',
    ],
    RollUpRole: [
      'logs:CreateLogStream logs:PutLogEvents on RollUpLogs',
      'dynamodb:PutItem dynamodb:Query on Table ["ACCOUNT#*"]',
      'lambda:InvokeFunction on BrakeFunction',
      'sqs:SendMessage on SchedulesDeadLetters',
    ],
    ReportRole: [
      'logs:CreateLogStream logs:PutLogEvents on ReportLogs',
      'dynamodb:Scan on Table',
      'dynamodb:GetItem dynamodb:UpdateItem on Table ["HUB"]',
      'sns:Publish on {Ref:AlertsTopicCF7C81C9}',
      's3:PutObject on [{Fn::Join:[,[ReportPages,/days/*]]},{Fn::Join:[,[ReportPages,/organization.html]]}]',
      'sqs:SendMessage on SchedulesDeadLetters',
    ],
  });
});

describe('people', () => {
  const invokes = (role: RegExp) => {
    const [id] = roleIds(template, role);
    return statementsOf(template, id!).map(({ Action, Resource }) => [Action, JSON.stringify(Resource)]);
  };

  const functionsIn = (resource: string) => resource.match(/(\w+)Function/g);
  const ALL = ['BrakeFunction', 'ReportFunction', 'RollUpFunction'];

  test.each([
    ['a viewer runs the report, and nothing that orders', /reads the status/, ['ReportFunction']],
    ['an operator also runs the brake', /approves, stops and lifts/, ['BrakeFunction', 'ReportFunction']],
  ])('%s; both find the functions by their tags', (_what, role, runs) => {
    const statements = invokes(role);
    expect(statements.map(([action]) => action)).toEqual(
      expect.arrayContaining(['lambda:InvokeFunction', 'lambda:ListTags', 'lambda:ListFunctions']),
    );
    expect(statements).toHaveLength(3);
    const on = (action: string) => functionsIn(statements.find(([one]) => one === action)![1] as string);
    expect(on('lambda:InvokeFunction')).toEqual(runs);
    expect(on('lambda:ListTags')).toEqual(ALL);
  });

  test('each is assumed by whom the file names, and by nobody else', () => {
    const [operator] = roleIds(template, /approves, stops and lifts/);
    const { AssumeRolePolicyDocument: trust } = resourcesOf(template, 'AWS::IAM::Role')[operator!]!.Properties;
    expect(trust.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: ['arn:aws:iam::111111111111:role/on-call', 'arn:aws:iam::111111111111:user/admin'] },
      },
    ]);
  });

  test('trap 44: where the file names nobody there is no role', () => {
    const without = hubTemplateOf({ people: {} });
    expect(roleIds(without, /reads the status|approves, stops/)).toEqual([]);
  });
});
