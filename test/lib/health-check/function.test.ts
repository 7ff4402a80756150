import { Match, Template } from 'aws-cdk-lib/assertions';
import { parseHealthCheckEnv } from '../../../lambda/health-check/env';
import { checked } from '../../helpers/checked-app';
import { stackWith } from '../../helpers/health-stack';
import { ALONE, environmentOf, PRINCIPALS, toldTo, WITH_LLAMA } from '../../helpers/stack';

const template = Template.fromStack(stackWith(environmentOf('dev')));

describe('the function', () => {
  it('is told what its own schema accepts', () => {
    const env = parseHealthCheckEnv(
      toldTo(stackWith(environmentOf('dev', { principals: PRINCIPALS, ...WITH_LLAMA })), 'health-check'),
    );
    expect(env.MODELS.map(({ id, optional, endOfLife }) => [id, optional, endOfLife])).toEqual([
      ['meta.llama3-1-70b-instruct-v1:0', true, '2027-03-30'],
      ['amazon.nova-lite-v1:0', false, undefined],
      ['qwen.qwen3-coder-next', false, undefined],
      ['amazon.nova-pro-v1:0', false, undefined],
    ]);
    for (const { callAs } of env.MODELS) {
      expect(callAs).toMatch(/^arn:aws:bedrock:us-east-1:AWS::AccountId:application-inference-profile\/[0-9a-f]{12}$/);
    }
    expect(env.CANARY).toMatchObject({ modelId: 'amazon.nova-lite-v1:0', price: { input: 60_000, output: 240_000 } });
    expect(env.INVOKER_ROLE).toBe('InvokerRole');
    expect(env.PRINCIPALS).toEqual({ ...PRINCIPALS, roles: ['app'] });
    expect(env.PERMISSION_SETS).toEqual([]);
    expect(env.SWITCH_ARN).not.toBe(env.DENY_BILL_ARN);
  });

  it.each([
    ['automatic', 'true'],
    ['none', 'false'],
  ])('knows whether AWS Budgets needs a place beside the switch: billAction %s', (billAction, told) => {
    const environment = environmentOf('dev', {
      principals: { ...PRINCIPALS, permissionSets: ['Dev', 'Ops'] },
      billAction,
    });
    const env = parseHealthCheckEnv(toldTo(stackWith(environment), 'health-check'));
    expect([env.BILL_ACTION, env.PERMISSION_SETS]).toEqual([told, ['Dev', 'Ops']]);
  });

  it('calls by the system-defined profile, or the model itself, where there is no profile of its own', () => {
    const environment = environmentOf('dev', { ...ALONE, ...WITH_LLAMA });
    const env = parseHealthCheckEnv(toldTo(stackWith(environment), 'health-check'));
    expect(env.MODELS.map(({ callAs }) => callAs.replace('AWS::AccountId', '111122223333'))).toEqual([
      'arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.meta.llama3-1-70b-instruct-v1:0',
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
      'arn:aws:bedrock:us-east-1::foundation-model/qwen.qwen3-coder-next',
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0',
    ]);
  });

  it('runs each hour, with the scheduled time in its event', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 hour)',
      Target: Match.objectLike({ Input: '{"source":"schedule","scheduledAt":"<aws.scheduler.scheduled-time>"}' }),
    });
  });

  it('has an alarm, judged outside, on runs that are missing for three hours', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'spend-guard-dev-health-check-missing-runs',
      Period: 3600,
      EvaluationPeriods: 3,
    });
  });
});

it.each([[{ principals: { ...PRINCIPALS, permissionSets: ['Developer'] } }], [ALONE]])(
  'cdk-nag finds nothing with %j that is not acknowledged with a reason',
  (changes) => {
    const app = checked();
    stackWith(environmentOf('dev', changes), app);
    expect(() => app.synth()).not.toThrow();
  },
);
