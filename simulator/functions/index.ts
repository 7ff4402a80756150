import { autoStop } from './auto-stop';
import { costCheck } from './cost-check';
import { healthCheck } from './health-check';
import type { Deploy } from './site';
import { spendMeter } from './spend-meter';

/** The features that the simulator runs. Every environment must have each of them, on a schedule. */
export const functions: Readonly<Record<string, Deploy>> = {
  'cost-check': costCheck,
  'health-check': healthCheck,
  'auto-stop': autoStop,
  'spend-meter': spendMeter,
};
