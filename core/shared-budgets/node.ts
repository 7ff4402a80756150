import type { NanoUsd } from '../money';
import type { BudgetPeriod } from './period';

/**
 * Names a budget within the environment's own, and by its parts those that it is within: `search/nightly` is in `search`, which is
 * in the environment's, {@link ENVIRONMENT_BUDGET}.
 */
export type BudgetPath = string;

/** The environment's whole budget: the month's, which is the root of all others. */
export const ENVIRONMENT_BUDGET: BudgetPath = '';

/** Parts of a path. */
export const DEEPEST = 4;

/** Of one part: it becomes part of keys and of IAM conditions, where `*`, `?` and `#` mean something else. */
export const PATH_PART = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** A budget within a budget, as it is configured. */
export interface BudgetNode {
  readonly path: BudgetPath;
  readonly period: BudgetPeriod;
  /** For each period, before what is carried over. */
  readonly limit: NanoUsd;
  /** What is left of a period is had in the next one, up to so much. Absent: nothing is. */
  readonly rolloverUpTo?: NanoUsd;
}

/** From the environment's own down to the one named, which is the last. */
export function lineOf(path: BudgetPath): readonly BudgetPath[] {
  if (path === ENVIRONMENT_BUDGET) return [ENVIRONMENT_BUDGET];
  const parts = path.split('/');
  return [ENVIRONMENT_BUDGET, ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))];
}

/** Undefined for the environment's own. */
export function parentOf(path: BudgetPath): BudgetPath | undefined {
  if (path === ENVIRONMENT_BUDGET) return undefined;
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** For people. */
export function budgetName(path: BudgetPath): string {
  return path === ENVIRONMENT_BUDGET ? "the environment's budget" : `budget '${path}'`;
}
