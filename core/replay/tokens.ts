/** What a model's tokens are counted apart by; the last two are parts of `cacheWrite`. */
export const COMPONENTS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'] as const;
export const WIDTH = COMPONENTS.length;
export type Component = (typeof COMPONENTS)[number];

/** How many of each. */
export type Tokens = Record<Component, number>;

export function noTokens(): Tokens {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
}
