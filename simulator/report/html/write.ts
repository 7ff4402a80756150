import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GuardError } from '../../../core/errors';
import type { EnvironmentBudgets } from './budgets';
import type { EnvironmentCosts } from './costs';
import type { ReportData } from './data';

/** Before anything is played: a mistake in the path must not cost the run. @throws GuardError REPORT_UNWRITABLE */
export function checkReportFile(file: string): void {
  const folder = path.dirname(path.resolve(file));
  const refuse = (why: string): never => {
    throw new GuardError('REPORT_UNWRITABLE', `--report ${file}: ${why}`);
  };
  if (!existsSync(folder)) refuse(`there is no folder ${folder}; make it first`);
  if (existsSync(file) && !statSync(file).isFile()) refuse('is not a file; name one, such as report.html');
}

/** @returns what was written, for people. @throws GuardError REPORT_UNWRITABLE */
export function writeReport(file: string, reports: readonly ReportData[]): string {
  // The chart library takes a while to load: nobody waits for it but who wants a page.
  const { page } = require('./page') as typeof import('./page');
  return written(file, page(reports));
}

/** The same of the budgets that callers share. @param now ms since the epoch */
export function writeBudgetsReport(file: string, environments: readonly EnvironmentBudgets[], now: number): string {
  const { budgetsPage } = require('./budgets') as typeof import('./budgets');
  return written(file, budgetsPage(environments, now));
}

/** The running month by the bill. @param now ms since the epoch */
export function writeCostsReport(file: string, environments: readonly EnvironmentCosts[], now: number): string {
  const { costsPage } = require('./costs') as typeof import('./costs');
  return written(file, costsPage(environments, now));
}

function written(file: string, content: string): string {
  try {
    writeFileSync(file, content);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'Error';
    throw new GuardError(
      'REPORT_UNWRITABLE',
      `--report ${file}: could not be written (${why}); is there room, and may you write there?`,
    );
  }
  return `Report: ${path.resolve(file)} (${Math.ceil(Buffer.byteLength(content) / 1024)} KB)`;
}
