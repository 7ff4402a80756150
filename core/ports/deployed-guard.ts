/** The guard as it is deployed, for whoever works on it from outside. */
export interface DeployedGuardPort {
  /** The environment's functions, by their tags; none where it is not deployed. @throws ServiceError */
  functions(environment: string): Promise<readonly DeployedFunction[]>;
  /**
   * Runs a function and waits for it.
   * @param event anything that JSON holds
   * @throws ServiceError where it could not be run; what it does when it runs is the answer
   */
  invoke(functionName: string, event: Readonly<Record<string, unknown>>): Promise<InvocationAnswer>;
}

export interface DeployedFunction {
  readonly name: string;
  /** Such as `health-check`. */
  readonly feature: string;
  /** Its environment variables: they name the environment's table, topic, budget and role. */
  readonly variables: Readonly<Record<string, string>>;
}

export type InvocationAnswer =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** It ended in an error, whose name and words Lambda passes on. */
  | { readonly kind: 'failed'; readonly errorName: string; readonly text: string };
