import type { StackDiff } from './compare';
import type { LimitChange } from './limits';
import type { ResourceChange } from './resources';
import { LIMIT_A_MONTH } from './weaker';

/** What a section is left with, and how many of its rows stand in one above it. */
export interface Rows {
  readonly rows: readonly LimitChange[];
  readonly told: number;
}

export interface Untold extends ResourceChange {
  readonly told: number;
}

/** Where the amount stands that is called the limit. */
const LIMIT_PATH = 'Budget.BudgetLimit';

/** Of limits, settings and values of resources those that no section above has told: a row is read once. */
export function untold({ weakened, limits, settings, resources }: StackDiff): {
  readonly limits: Rows;
  readonly settings: Rows;
  readonly resources: readonly Untold[];
} {
  const weaker = weakened.map(({ what }) => what);
  const left = (all: readonly LimitChange[]): Rows => {
    const rows = all.filter(({ what }) => !weaker.includes(what));
    return { rows, told: all.length - rows.length };
  };
  const above = [...weaker, ...limits.map(({ what }) => what)];
  return {
    limits: left(limits),
    settings: left(settings),
    resources: resources.map((one) => {
      const paths = above
        .filter((what) => what.startsWith(`${one.logicalId}: `))
        .map((what) => what.slice(one.logicalId.length + 2))
        .map((label) => (label === LIMIT_A_MONTH ? LIMIT_PATH : label));
      const values = one.values.filter(({ what }) => !paths.some((path) => isOf(path, what)));
      return { ...one, values, told: one.values.length - values.length };
    }),
  };
}

function isOf(path: string, value: string): boolean {
  return value === path || value.startsWith(`${path}.`) || value.startsWith(`${path}[`);
}
