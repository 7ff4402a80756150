import { closest } from 'fastest-levenshtein';
import { usd } from '../core/money';
import {
  type BudgetPath,
  type BudgetPeriod,
  DEEPEST,
  ENVIRONMENT_BUDGET,
  lineOf,
  PATH_PART,
} from '../core/shared-budgets';
import type { ConfiguredBudget } from './guard-config';
import { accountOf, iamEntity, lastPart } from './iam-names';
import { duplicates, rightValues, shown, type Problem } from './problems';
import { budgetShape, type BudgetInput, type EnvironmentInput } from './schema';

type LimitKey = 'monthlyLimitUsd' | 'weeklyLimitUsd' | 'dailyLimitUsd';

const PERIODS: Readonly<Record<LimitKey, BudgetPeriod>> = {
  monthlyLimitUsd: 'month',
  weeklyLimitUsd: 'week',
  dailyLimitUsd: 'day',
};
const LIMIT_KEYS = Object.keys(PERIODS) as readonly LimitKey[];
const LIMITS = LIMIT_KEYS.join(', ');

interface Listed {
  readonly path: BudgetPath;
  /** As the config's file names it. */
  readonly place: string;
  readonly raw: unknown;
  /** Where they are right. */
  readonly roles?: readonly string[] | undefined;
}

/**
 * What is wrong with the budgets within an environment's own, beside the shape of each value.
 * @param place of the environment
 * @param raw the environment as it was written
 * @param env its values that are right
 */
export function sharedBudgetProblems(place: string, raw: unknown, env: Partial<EnvironmentInput>): Problem[] {
  const written = (raw as { budgets?: unknown } | null | undefined)?.budgets;
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return [];
  const all = Object.entries(written).map(([path, one]): Listed => ({
    path,
    place: `${place}.budgets${path === ENVIRONMENT_BUDGET ? "['']" : `.${path}`}`,
    raw: one as unknown,
    roles: rightValues<BudgetInput>(budgetShape, one).roles,
  }));
  const paths = all.map(({ path }) => path);
  return all.flatMap((one, at) => [
    ...pathTexts(one.path, paths.slice(0, at), paths).map((text) => ({ path: one.place, text })),
    ...limitProblems(one),
    ...roleProblems(one, env),
    ...branchProblems(one, all.slice(0, at)),
  ]);
}

function pathTexts(path: BudgetPath, before: readonly BudgetPath[], all: readonly BudgetPath[]): readonly string[] {
  if (path === ENVIRONMENT_BUDGET) {
    return ["must be a path such as 'search': the budget without a name is the environment's own, monthlyLimitUsd"];
  }
  const parts = path.split('/');
  const named = parts.filter((part) => part !== '');
  if (named.length < parts.length) {
    const instead = named.length === 0 ? 'name each part' : `write '${named.join('/')}'`;
    return [`has an empty part: ${instead}, got '${path}'`];
  }
  const twin = before.find((other) => other !== path && other.toLowerCase() === path.toLowerCase());
  return [
    ...parts.filter((part) => !PATH_PART.test(part)).map(wrongPart),
    ...(parts.length > DEEPEST ? [`must have at most ${DEEPEST} parts, got ${parts.length}: '${path}'`] : []),
    ...(twin === undefined ? [] : [`differs from '${twin}' in case only; choose another name`]),
    ...parentTexts(path, all),
  ];
}

function wrongPart(part: string): string {
  const instead = PATH_PART.test(part.toLowerCase()) ? `; write '${part.toLowerCase()}'` : '';
  return `must be of parts of 1 to 64 small letters, digits, and . _ - between these, got '${part}'${instead}`;
}

function parentTexts(path: BudgetPath, all: readonly BudgetPath[]): readonly string[] {
  const within = lineOf(path).slice(1, -1);
  const missing = within.filter((one) => !all.includes(one));
  if (missing.length === 0) return [];
  const others = all.filter((one) => one !== ENVIRONMENT_BUDGET && one !== path && !one.startsWith(`${path}/`));
  const nearest = others.length === 0 ? '' : `; nearest: '${closest(missing.at(-1) ?? path, others)}'`;
  return [`is within ${listed(missing)}, which budgets must have too: add it, or correct the path${nearest}`];
}

const listed = (paths: readonly BudgetPath[]) => paths.map((one) => `'${one}'`).join(' and ');

function limitProblems({ place, raw }: Listed): Problem[] {
  if (typeof raw !== 'object' || raw === null) return [];
  const given = LIMIT_KEYS.filter((key) => (raw as Partial<Record<LimitKey, unknown>>)[key] !== undefined);
  if (given.length === 1) return [];
  const got = given.length === 0 ? 'none' : given.join(' and ');
  return [{ path: place, text: `must have exactly one of ${LIMITS}, got ${got}` }];
}

/** Whoever no stop reaches must not be given a part of the budget by name. */
function roleProblems({ place, roles = [] }: Listed, { principals, account }: Partial<EnvironmentInput>): Problem[] {
  const guarded = principals?.roles.map(lastPart);
  const unguarded = roles.flatMap((role, at) => {
    const path = `${place}.roles[${at}]`;
    const its = accountOf(role);
    if (its !== undefined && its !== account) {
      const own = account ?? 'account is not set; write the name alone, or set account';
      return [{ path, text: `must be in this environment's own account (${own}), got '${role}'` }];
    }
    const name = lastPart(role);
    if (guarded === undefined || guarded.includes(name)) return [];
    const nearest = guarded.length === 0 ? '' : `; nearest there: '${closest(name, guarded)}'`;
    return [{ path, text: `must be in principals.roles too, or no stop would reach it, got '${role}'${nearest}` }];
  });
  return [...duplicates(`${place}.roles`, roles.map(lastPart)), ...unguarded];
}

/** Of two branches a role could use up both: that is what it is granted one for. */
function branchProblems({ path, place, roles = [] }: Listed, before: readonly Listed[]): Problem[] {
  const branches = before.filter((one) => !isWithin(one.path, path) && !isWithin(path, one.path));
  return roles.flatMap((role, at) => {
    const other = branches.find((one) => one.roles?.some((its) => lastPart(its) === lastPart(role)));
    if (other === undefined) return [];
    const text = `is also under '${other.path}', another branch: a role is granted one; name it in a budget that both are within, got ${shown(role)}`;
    return [{ path: `${place}.roles[${at}]`, text }];
  });
}

const isWithin = (path: BudgetPath, other: BudgetPath) => lineOf(path).includes(other);

/** @param budgets without a problem. @returns each right behind what it is within */
export function configuredBudgets(budgets: EnvironmentInput['budgets'] = {}): readonly ConfiguredBudget[] {
  return Object.entries(budgets)
    .sort(([a], [b]) => (inTree(a) < inTree(b) ? -1 : 1))
    .map(([path, budget]) => configured(path, budget));
}

/** A path sorts before all that is within it, and no other is between these. */
const inTree = (path: BudgetPath) => path.replaceAll('/', '\0');

function configured(path: BudgetPath, budget: BudgetInput): ConfiguredBudget {
  const [[key, limit] = []] = LIMIT_KEYS.flatMap((one) => {
    const dollars = budget[one];
    return dollars === undefined ? [] : [[one, dollars] as const];
  });
  if (key === undefined || limit === undefined) throw new Error(`budget '${path}' has none of ${LIMITS}`);
  return {
    path,
    period: PERIODS[key],
    limit: usd(limit),
    ...(budget.rollover === undefined ? {} : { rolloverUpTo: usd(budget.rollover.upToUsd) }),
    roles: (budget.roles ?? []).map(iamEntity),
  };
}
