/** What Lambda and Application Auto Scaling have of an alias or version. */

export interface ProvisionedConfig {
  /** At least 1. */
  readonly requested: number;
  readonly status: 'READY' | 'IN_PROGRESS' | 'FAILED';
  readonly statusReason?: string;
  readonly lastModifiedMs: number;
}

export interface QualifiedConfig extends ProvisionedConfig {
  readonly qualifier: string;
}

export interface QualifierDetails {
  /** What an alias points to, or the version itself. */
  readonly functionVersion: string;
  /** Of the alias, or of the version. */
  readonly revisionId: string;
  /** The alias divides its traffic between two versions: a deploy is under way. */
  readonly weighted: boolean;
  readonly memoryMb: number;
  readonly architecture: 'x86_64' | 'arm64';
}

/** @param config undefined where there is no configuration, which is 0 */
export function valueOf(config: ProvisionedConfig | undefined): number {
  return config?.requested ?? 0;
}

export interface ScalingLimits {
  readonly min: number;
  readonly max: number;
  readonly suspended: Suspended;
}

/** Which activities are suspended. */
export interface Suspended {
  readonly scalingIn: boolean;
  readonly scalingOut: boolean;
  readonly scheduled: boolean;
}
