import example from '../../../config/organization-example';
import { loadOrganization, type OrganizationConfig } from '../../../config/organization';
import type { OrganizationInput } from '../../../config/organization-schema';
import { ConfigError } from '../../../config/problems';

const NOW = Date.parse('2026-11-29T00:00:00Z');

export function changed(changes: Readonly<Record<string, unknown>>): OrganizationInput {
  return { ...example, ...changes } as OrganizationInput;
}

export function loaded(changes: Readonly<Record<string, unknown>> = {}): OrganizationConfig {
  return loadOrganization(changed(changes), NOW);
}

/** `path: text` of each problem; none: it loads. */
export function problemsOf(input: unknown): readonly string[] {
  try {
    loadOrganization(input as OrganizationInput, NOW);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, text }) => `${path}: ${text}`);
  }
}
