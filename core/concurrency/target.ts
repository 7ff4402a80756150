/** A function's alias or version: what Lambda allocates provisioned concurrency to. */
export interface Target {
  readonly functionName: string;
  /** An alias, or a version's number. `$LATEST` cannot have provisioned concurrency. */
  readonly qualifier: string;
}

/** What the owner says of a function, as in `provisionedConcurrency` of the configuration. */
export interface ManagedFunction {
  readonly functionName: string;
  readonly optional: boolean;
  /** Absent: every alias and version that has a configuration. */
  readonly qualifiers?: readonly string[];
  /** Absent: never lowered for want of traffic. */
  readonly idleMinutes?: number;
  readonly declaredElsewhere: boolean;
  /** The owner's reason to lower to 0 what another template declares. */
  readonly allowZero?: string;
}

export function targetKey({ functionName, qualifier }: Target): string {
  return `${functionName}:${qualifier}`;
}

export function isVersion({ qualifier }: Target): boolean {
  return /^\d+$/.test(qualifier);
}

/**
 * How far a function is lowered: 0 means that its configuration is deleted, for Lambda refuses a value of 0 (trap 3). Where
 * another template declares it, deleting would break that stack's next deploy (trap 24): it keeps 1.
 */
export function floorOf(managed: ManagedFunction): 0 | 1 {
  return managed.declaredElsewhere && managed.allowZero === undefined ? 1 : 0;
}

/** The error that the floor of 1 avoids, by its name in AWS. */
export const FLOOR_REASON =
  "kept at 1: another template declares it, and without it that stack's next deploy fails with " +
  'ProvisionedConcurrencyConfigNotFoundException; allowZero accepts that';
