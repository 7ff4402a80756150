import { targetKey, type Target, type ScalingPort, type ScalingLimits, type Suspended } from '../../core/concurrency';
import { ServiceError } from '../../core/errors';

/** Application Auto Scaling's targets, by `targetKey`. */
export class FakeScaling implements ScalingPort {
  readonly targets = new Map<string, ScalingLimits>();
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async limits(targets: readonly Target[]): Promise<ReadonlyMap<string, ScalingLimits>> {
    this.refuse();
    return new Map(
      targets.flatMap((target) => {
        const limits = this.targets.get(targetKey(target));
        return limits ? [[targetKey(target), limits] as const] : [];
      }),
    );
  }

  async suspend(target: Target, suspended: Suspended): Promise<void> {
    this.refuse();
    const limits = this.targets.get(targetKey(target));
    if (!limits) throw new ServiceError('invalid', 'ValidationException', 'a new target needs its capacities', 400);
    this.targets.set(targetKey(target), { ...limits, suspended });
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
