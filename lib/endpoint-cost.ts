import type { Stack } from 'aws-cdk-lib';
import type { EndpointCounts } from '../core/estimates';
import { GuardedEndpoint } from './guarded-endpoint';

/** Of the endpoint that is in a stack; undefined where there is none. */
export function countEndpoint(stack: Stack): EndpointCounts | undefined {
  return stack.node.findAll().find((construct) => construct instanceof GuardedEndpoint)?.counts;
}
