import type { EnvironmentConfig } from '../config';
import type { CostReport } from '../core/report';
import type { Part } from './each';
import { UsageError } from './errors';
import type { World } from './world';

/** Before anything is asked. @throws UsageError where the file could not be written, or nothing would be */
export function checkCostsPage(file: string | undefined, by: string | undefined): void {
  if (file === undefined) return;
  if (by !== undefined) {
    throw new UsageError(`costs: --report is a page of the month, and --by ${by} makes none; leave one of them out`);
  }
  (require('./usage/report-path') as typeof import('./usage/report-path')).checkReportPath(file);
}

/**
 * `costs --report FILE`: the running month for finance, with the environments that could not be asked as unknown.
 * @returns what was written, for people
 */
export function writeCostsPage(
  file: string | undefined,
  environments: readonly EnvironmentConfig[],
  parts: readonly Part<{ readonly report: CostReport }>[],
  world: World,
): readonly string[] {
  if (file === undefined) return [];
  // The simulator, whose page it is, takes a while to load.
  const { writeCostsReport } = require('../simulator') as typeof import('../simulator');
  const asked = environments.map((environment) => {
    const part = parts.find((one) => one.environment === environment.name);
    const report = part?.kind === 'done' ? part.value.report : (part?.message ?? 'it was not asked');
    return { environment, report };
  });
  return [writeCostsReport(file, asked, world.now())];
}
