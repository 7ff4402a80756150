import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { ConfigError } from '../../config/problems';
import type { GuardInput } from '../../config/schema';

export const NOW = Date.parse('2026-11-23T00:00:00Z');

/** A change to one environment of the shipped configuration, or to the whole of it. */
export function changed(environment: string, values: Record<string, unknown>): GuardInput {
  const environments = structuredClone(shipped.environments) as Record<string, object>;
  environments[environment] = { ...environments[environment], ...values };
  return { ...shipped, environments } as GuardInput;
}

export function problemsOf(input: unknown): string[] {
  try {
    loadGuard(input as GuardInput, NOW);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, text }) => `${path}: ${text}`);
  }
  return [];
}
