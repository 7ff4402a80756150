import type { IConstruct } from 'constructs';
import type { EndpointCounts } from '../core/estimates';
import { GuardedEndpoint } from './guarded-endpoint';

/** Of the endpoint that is in a stack, or in a guard; undefined where there is none. */
export function countEndpoint(guard: IConstruct): EndpointCounts | undefined {
  return guard.node.findAll().find((construct) => construct instanceof GuardedEndpoint)?.counts;
}
