import type { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * ECS for tasks of this account and Region, and for nobody else's
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html, read 2026-11-29).
 */
export function tasksPrincipal(stack: Stack): iam.ServicePrincipal {
  return new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:ecs:${stack.region}:${stack.account}:*` },
    },
  });
}
