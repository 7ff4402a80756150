/** Priority and reserved capacity have prices of their own; flex costs less than what is reserved. */
export function tierProblem(tier: unknown): readonly string[] {
  return tier === undefined || tier === 'default' || tier === 'flex' ? [] : [`service tier '${text(tier)}'`];
}

export function latencyProblem(latency: unknown): readonly string[] {
  return latency === undefined || latency === 'standard' ? [] : [`latency '${text(latency)}'`];
}

/** The flag with which some models take more than 200,000 tokens of context, which then costs more. */
export function longContextFlag(beta: unknown): string | undefined {
  return list(beta).find((flag): flag is string => typeof flag === 'string' && flag.startsWith('context-'));
}

export type Json = Record<string, unknown>;

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** An object, and no list. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is no number is no limit that could be gone by: never none. */
export function numberOrNaN(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
