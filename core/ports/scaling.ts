import type { Target } from '../concurrency/target';

/** Application Auto Scaling, for `lambda:function:ProvisionedConcurrency`. */
export interface ScalingPort {
  /** The scalable targets among these, by `targetKey`, over all pages. @throws ServiceError */
  limits(targets: readonly Target[]): Promise<ReadonlyMap<string, ScalingLimits>>;
  /**
   * Sets the three flags of a target that is registered, and nothing else.
   * @throws ServiceError `invalid` without such a target: it is never created
   */
  suspend(target: Target, flags: Suspended): Promise<void>;
}

export interface ScalingLimits {
  readonly min: number;
  readonly max: number;
  readonly suspended: Suspended;
}

/** Which activities are suspended. */
export interface Suspended {
  readonly scalingIn: boolean;
  readonly scalingOut: boolean;
  readonly scheduled: boolean;
}
