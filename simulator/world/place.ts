import type { EnvironmentConfig } from '../../config';
import type { FakeAlarms } from '../fakes/alarms';
import type { GuardStack } from '../template/guard-stack';
import type { SimulatedBudget } from './budgets-service';
import type { MeterStore } from './meter-store';
import type { VersionedPolicy } from './policy-versions';
import type { EnvironmentUsage } from './usage';

/** One environment of the simulated account. */
export interface Place {
  readonly config: EnvironmentConfig;
  readonly stack: GuardStack;
  readonly usage: EnvironmentUsage;
  readonly budgets: readonly SimulatedBudget[];
  /** Undefined where the template has none. */
  readonly switch: VersionedPolicy | undefined;
  /** The meter's items of the environment's state table. */
  readonly meter: MeterStore;
  /** CloudWatch's alarms that a function asks for: the one that tells of activity, where the template has it. */
  readonly alarms: FakeAlarms;
  /** When real spend reached a line; undefined while it has not. */
  readonly reached: Readonly<Record<'limit' | 'stopLine' | 'billAction', () => number | undefined>>;
}
