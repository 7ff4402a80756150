import { CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { ACCOUNT } from '../../../../local/emulator';
import { outcome, policy, refusal, stackStatus, unique, type Rule } from '../support';

const ELSEWHERE = 'eu-west-1';
const DOCUMENT = policy({ Effect: 'Deny', Action: 's3:*' });
const TRUST = policy({ Effect: 'Deny', Action: 'sts:AssumeRole' });

const stackOf = (Type: string, Properties: object) => ({ Resources: { Named: { Type, Properties } } });

export const nameRules: readonly Rule[] = [
  {
    name: 'two policies, roles, users or groups of one name are refused, whatever the path and the case',
    aws: {
      policy: 'EntityAlreadyExistsException: A policy called {} already exists. Duplicate names are not allowed.',
      others: ['EntityAlreadyExistsException', 'EntityAlreadyExistsException', 'EntityAlreadyExistsException'],
      otherCase: ['EntityAlreadyExistsException', 'EntityAlreadyExistsException'],
    },
    async observe(emulator) {
      const iam = emulator.client(IAMClient);
      const name = unique('name');
      const policyNamed = (PolicyName: string, Path: string) =>
        iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: DOCUMENT }));
      const roleNamed = (RoleName: string, Path: string) =>
        iam.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: TRUST }));
      const user = (Path: string) => iam.send(new CreateUserCommand({ UserName: name, Path }));
      const group = (Path: string) => iam.send(new CreateGroupCommand({ GroupName: name, Path }));
      await policyNamed(name, '/');
      await roleNamed(name, '/');
      await user('/');
      await group('/');
      return {
        policy: (await refusal(() => policyNamed(name, '/team/'))).replace(name, '{}'),
        others: [
          await outcome(() => roleNamed(name, '/team/')),
          await outcome(() => user('/team/')),
          await outcome(() => group('/team/')),
        ],
        otherCase: [
          await outcome(() => policyNamed(name.toUpperCase(), '/')),
          await outcome(() => roleNamed(name.toUpperCase(), '/')),
        ],
      };
    },
  },
  {
    name: 'a stack in another Region gets no policy and no role of a name that the account has, and the first stays',
    aws: {
      first: ['CREATE_COMPLETE', 'CREATE_COMPLETE'],
      second: ['ROLLBACK_COMPLETE', 'ROLLBACK_COMPLETE'],
      left: 'ok',
    },
    async observe(emulator) {
      const name = unique('name');
      const templates = (Path: string) => [
        stackOf('AWS::IAM::ManagedPolicy', { ManagedPolicyName: name, Path, PolicyDocument: JSON.parse(DOCUMENT) }),
        stackOf('AWS::IAM::Role', { RoleName: name, Path, AssumeRolePolicyDocument: JSON.parse(TRUST) }),
      ];
      const make = async (Path: string, region?: string) => {
        const statuses: string[] = [];
        for (const template of templates(Path)) {
          statuses.push(await stackStatus(emulator, 'CreateStack', template, unique('stack'), region));
        }
        return statuses;
      };
      const first = await make('/');
      const second = await make('/team/', ELSEWHERE);
      const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/${name}`;
      const left = await outcome(() => emulator.client(IAMClient).send(new GetPolicyCommand({ PolicyArn })));
      return { first, second, left };
    },
  },
  {
    name: 'a stack in another Region gets no budget of a name that the account has',
    aws: ['CREATE_COMPLETE', 'ROLLBACK_COMPLETE'],
    async observe(emulator) {
      const Budget = {
        BudgetName: unique('budget'),
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: 1, Unit: 'USD' },
      };
      const template = stackOf('AWS::Budgets::Budget', { Budget });
      return [
        await stackStatus(emulator, 'CreateStack', template, unique('stack')),
        await stackStatus(emulator, 'CreateStack', template, unique('stack'), ELSEWHERE),
      ];
    },
  },
  {
    name: "a dashboard is the account's: seen from any Region, and no other stack gets one of its name",
    aws: { first: 'CREATE_COMPLETE', elsewhere: 'ok', second: 'ROLLBACK_COMPLETE' },
    async observe(emulator) {
      const DashboardName = unique('dashboard');
      const template = stackOf('AWS::CloudWatch::Dashboard', { DashboardName, DashboardBody: '{"widgets":[]}' });
      const first = await stackStatus(emulator, 'CreateStack', template, unique('stack'));
      const { endpoint } = emulator;
      const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'local' };
      const there = new CloudWatchClient({ endpoint, region: ELSEWHERE, credentials });
      const elsewhere = await outcome(() => there.send(new GetDashboardCommand({ DashboardName })));
      return {
        first,
        elsewhere,
        second: await stackStatus(emulator, 'CreateStack', template, unique('stack'), ELSEWHERE),
      };
    },
  },
];
