import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { mockClient } from 'aws-sdk-client-mock';
import { applicationAutoScaling } from '../../../../lambda/adapters/application-auto-scaling/scaling';
import { ASLEEP, AWAKE, target } from '../../../helpers/concurrency-world';

const LIVE = target();

describe('Application Auto Scaling', () => {
  const scaling = mockClient(ApplicationAutoScalingClient);
  beforeEach(() => scaling.reset());

  test('reads limits and flags of 50 at a time, a flag that is not told as false', async () => {
    scaling.on(DescribeScalableTargetsCommand).resolves({
      ScalableTargets: [
        {
          ResourceId: 'function:models:live',
          MinCapacity: 1,
          MaxCapacity: 9,
          SuspendedState: { ScheduledScalingSuspended: true },
        },
      ],
    } as never);
    const many = Array.from({ length: 51 }, (_, at) => target('models', String(at)));
    const limits = await applicationAutoScaling().limits(many);
    expect(limits.get('models:live')).toEqual({ min: 1, max: 9, suspended: { ...AWAKE, scheduled: true } });
    const calls = scaling.commandCalls(DescribeScalableTargetsCommand);
    expect(calls.map(({ args }) => args[0].input.ResourceIds?.length)).toEqual([50, 1]);
  });

  test('sets the three flags and no capacity, so that a target which is gone is not made anew', async () => {
    scaling.on(RegisterScalableTargetCommand).resolves({});
    await applicationAutoScaling().suspend(LIVE, ASLEEP);
    expect(scaling.commandCalls(RegisterScalableTargetCommand)[0]!.args[0].input).toEqual({
      ServiceNamespace: 'lambda',
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      ResourceId: 'function:models:live',
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: true,
        ScheduledScalingSuspended: true,
      },
    });
  });
});
