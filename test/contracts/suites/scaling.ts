import { targetKey, type Target } from '../../../core/concurrency/target';
import type { ScalingPort } from '../../../core/concurrency/ports';
import type { ScalingLimits, Suspended } from '../../../core/concurrency/configured';
import { contract, type Case } from './contract';

export interface ScalingSubject {
  readonly port: ScalingPort;
  /** An alias that nobody has registered. */
  readonly target: () => Target;
  /** Registers it, with nothing suspended. */
  readonly register: (target: Target, limits: Pick<ScalingLimits, 'min' | 'max'>) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const NONE: Suspended = { scalingIn: false, scalingOut: false, scheduled: false };
const ALL: Suspended = { scalingIn: true, scalingOut: true, scheduled: true };

const flags: readonly (keyof Suspended)[] = ['scalingIn', 'scalingOut', 'scheduled'];

export const scalingContract = contract<ScalingSubject>('scaling', [
  {
    name: 'those that are registered, with their capacities, and no others',
    async run({ port, target, register }) {
      const [one, other, without] = [target(), target(), target()];
      await register(one, { min: 0, max: 5 });
      await register(other, { min: 2, max: 2 });
      expect(await port.limits([one, without])).toEqual(
        new Map([[targetKey(one), { min: 0, max: 5, suspended: NONE }]]),
      );
      expect((await port.limits([other])).get(targetKey(other))).toEqual({ min: 2, max: 2, suspended: NONE });
      expect((await port.limits([without])).size).toBe(0);
    },
  },
  {
    name: 'nothing asked for is nothing, whatever is registered',
    async run({ port, target, register }) {
      await register(target(), { min: 0, max: 5 });
      expect((await port.limits([])).size).toBe(0);
    },
  },
  {
    name: 'more than fit into a request, and onto a page',
    async run({ port, target, register }) {
      // 50 of both: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html (2026-11).
      const all = Array.from({ length: 51 }, () => target());
      for (const one of all) await register(one, { min: 1, max: 2 });
      const found = await port.limits(all);
      expect(new Set(found.keys())).toEqual(new Set(all.map(targetKey)));
    },
  },
  ...flags.map((flag): Case<ScalingSubject> => ({
    name: `${flag} is suspended by itself, and the capacities stay`,
    async run({ port, target, register }) {
      const one = target();
      await register(one, { min: 1, max: 5 });
      for (const suspended of [ALL, { ...NONE, [flag]: true }]) {
        await port.suspend(one, suspended);
        expect((await port.limits([one])).get(targetKey(one))).toEqual({ min: 1, max: 5, suspended });
      }
    },
  })),
  {
    name: 'a target that is not registered is never made by suspending it',
    async run({ port, target }) {
      const gone = target();
      await expect(port.suspend(gone, ALL)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'invalid' });
      expect((await port.limits([gone])).size).toBe(0);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, target, throttle }) {
      await throttle();
      await expect(port.limits([target()])).rejects.toMatchObject({ refusal: 'throttled' });
      await expect(port.suspend(target(), ALL)).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
