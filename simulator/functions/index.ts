import { autoStop } from './auto-stop';
import { costCheck } from './cost-check';
import { healthCheck } from './health-check';
import type { Deploy } from './site';
import { spendMeter } from './spend-meter';

/** The features that run on a schedule. Every environment must have each of them. */
export const functions: Readonly<Record<string, Deploy>> = {
  'cost-check': costCheck,
  'health-check': healthCheck,
  'auto-stop': autoStop,
  'spend-meter': spendMeter,
};
