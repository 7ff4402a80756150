import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
} from '@aws-sdk/client-application-auto-scaling';
import { targetKey, type Target, type ScalingPort, type ScalingLimits } from '../../../core/concurrency';
import { GuardError } from '../../../core/errors';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;
/** What DescribeScalableTargets takes at once. */
const AT_ONCE = 50;
const DIMENSION = {
  ServiceNamespace: 'lambda',
  ScalableDimension: 'lambda:function:ProvisionedConcurrency',
} as const;

export function applicationAutoScaling(client = new ApplicationAutoScalingClient({ maxAttempts: 2 })): ScalingPort {
  return {
    async limits(targets) {
      const found = new Map<string, ScalingLimits>();
      for (let at = 0; at < targets.length; at += AT_ONCE) {
        const ResourceIds = targets.slice(at, at + AT_ONCE).map(resourceId);
        const answers = await allPages(async (token) => {
          const page = await calling(() =>
            client.send(new DescribeScalableTargetsCommand({ ...DIMENSION, ResourceIds, NextToken: token }), {
              abortSignal: timeout(REQUEST_MS),
            }),
          );
          return { items: page.ScalableTargets ?? [], next: page.NextToken };
        });
        for (const answer of answers) found.set((answer.ResourceId ?? '').replace(/^function:/, ''), limitsOf(answer));
      }
      return found;
    },

    async suspend(target, { scalingIn, scalingOut, scheduled }) {
      // Without capacities: an update keeps what somebody else may have set; a target that is gone is not made anew.
      await calling(() =>
        client.send(
          new RegisterScalableTargetCommand({
            ...DIMENSION,
            ResourceId: resourceId(target),
            SuspendedState: {
              DynamicScalingInSuspended: scalingIn,
              DynamicScalingOutSuspended: scalingOut,
              ScheduledScalingSuspended: scheduled,
            },
          }),
          { abortSignal: timeout(REQUEST_MS) },
        ),
      );
    },
  };
}

function resourceId(target: Target): string {
  return `function:${targetKey(target)}`;
}

function limitsOf({ ResourceId, MinCapacity, MaxCapacity, SuspendedState }: ScalableTarget): ScalingLimits {
  if (MinCapacity === undefined || MaxCapacity === undefined) {
    throw new GuardError('ANSWER_INVALID', `scalable target ${ResourceId} came without its capacities`);
  }
  return {
    min: MinCapacity,
    max: MaxCapacity,
    suspended: {
      scalingIn: SuspendedState?.DynamicScalingInSuspended ?? false,
      scalingOut: SuspendedState?.DynamicScalingOutSuspended ?? false,
      scheduled: SuspendedState?.ScheduledScalingSuspended ?? false,
    },
  };
}
