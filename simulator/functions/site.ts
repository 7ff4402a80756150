import type { Mail } from '../../core/mail';
import type { FunctionSpec } from '../template/guard-stack';
import type { Place, World } from '../world/world';

/** Where a function runs: its template's variables, its environment, and the AWS around it. */
export interface FunctionSite {
  readonly spec: FunctionSpec;
  readonly place: Place;
  readonly world: World;
  readonly now: () => number;
  /** Another function of the same stack, by its feature. */
  readonly peer: (feature: string) => Handler;
  /** Delivers a mail that the function sends in its present run. */
  readonly mail: (topicArn: string, mail: Mail) => void;
}

export type Handler = (event: unknown) => Promise<unknown>;

/**
 * Deploys a feature into the simulated AWS: parses the template's variables by the feature's own schema and gives the real
 * handler fakes of the services behind its ports. @throws GuardError where the variables are not what the schema wants
 */
export type Deploy = (site: FunctionSite) => Handler;
