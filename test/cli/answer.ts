/** One environment's part. */
interface EnvironmentAnswer {
  readonly [name: string]: unknown;
  readonly alerts: readonly { readonly at: string }[];
  readonly byDay: readonly { readonly day: string }[];
  readonly byModel: readonly { readonly modelId: string; readonly spent: number; readonly denied: number }[];
  readonly changes: readonly { readonly at: string }[];
  readonly error: { readonly code: string; readonly message: string };
  readonly notGuarded: readonly { readonly modelId: string; readonly cost?: number }[];
  readonly notTouched: readonly { readonly what: string; readonly reason: string }[];
  readonly months: readonly [{ readonly spent: number }];
  readonly spent: number;
  readonly usedByModelAndMonth: readonly [{ readonly cost: number; readonly spent: number }];
  readonly findings: readonly { readonly check: string }[];
}

/** What a command prints with `--json`: each command prints some of it, and tests say what they expect of the rest. */
export interface Answer {
  readonly [name: string]: unknown;
  readonly environments: readonly [EnvironmentAnswer, EnvironmentAnswer, ...EnvironmentAnswer[]];
  readonly sides: readonly [EnvironmentAnswer, ...EnvironmentAnswer[]];
  readonly error: { readonly code: string; readonly message: string };
  readonly reading: {
    readonly [name: string]: unknown;
    readonly sums: readonly { readonly minutes: number }[];
  };
}
