import type { Target } from '../concurrency/target';

/** Lambda's provisioned concurrency. Every call counts towards the 15 a second of Lambda's control plane. */
export interface ConcurrencyPort {
  /** Every configuration of a function, over all pages. @throws ServiceError `notFound` without the function */
  list(functionName: string): Promise<readonly QualifiedConfig[]>;
  /** @returns undefined without a configuration. @throws ServiceError `notFound` without the function, alias or version */
  config(target: Target): Promise<ProvisionedConfig | undefined>;
  /** @throws ServiceError `notFound` without the function, alias or version */
  details(target: Target): Promise<QualifierDetails>;
  /** Asks for a value of at least 1; Lambda allocates it in its own time. @throws ServiceError */
  put(target: Target, value: number): Promise<void>;
  /** Deletes the configuration, which is Lambda's zero. No error where there is none. @throws ServiceError */
  remove(target: Target): Promise<void>;
}

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
