import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { ConfigError } from '../../config/problems';
import { regions } from '../../config/regions';
import type { GuardInput } from '../../config/schema';
import type { ResolvedModel } from '../../config/guard-config';

export const NOW = Date.parse('2026-11-28T00:00:00Z');

export const HOME = 'us-east-1';

export const everyRegion = Object.keys(regions).filter((region) => regions[region]!.missingTypes.length === 0);

export interface Change {
  readonly region?: string;
  readonly small: readonly unknown[];
  readonly large?: readonly unknown[];
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly top?: Readonly<Record<string, unknown>>;
  readonly now?: number;
}

export function inputOf({ region = HOME, small, large = [], environment = {}, top = {} }: Change): GuardInput {
  const { dev } = shipped.environments;
  const models = { ...dev!.models, small, large };
  return { environments: { dev: { ...dev, region, models, ...environment } }, ...top } as GuardInput;
}

export function load(change: Change) {
  const { environments, notices } = loadGuard(inputOf(change), change.now ?? NOW);
  return { models: environments[0]!.models, notices: notices.map(({ text }) => text) };
}

export function problemsOf(change: Change): readonly string[] {
  try {
    load(change);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, text }) => `${path}: ${text}`);
  }
  return [];
}

export const one = (change: Omit<Change, 'small'> & { readonly id: string }): ResolvedModel =>
  load({ ...change, small: [{ id: change.id }] }).models[0]!;
