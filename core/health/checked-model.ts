import type { ModelAvailability, ModelLifecycle } from './ports';
import type { Answer } from './finding';
import type { GuardState } from './guard-state';

/** A configured model, as the health check needs it. */
export interface CheckedModel {
  /** As the configuration names it: unique in its environment, with a scope where one was written. */
  readonly id: string;
  /** Base model id, which Bedrock's questions about a model take. */
  readonly modelId: string;
  readonly tier: 'small' | 'large';
  /** The environment goes on without it: its absence is a warning. */
  readonly optional: boolean;
  /** What a caller names: an inference profile's ARN or id, or the model id. */
  readonly callAs: string;
  readonly soldThroughMarketplace: boolean | 'unknown';
  /** `YYYY-MM-DD`, by the catalogue; absent: none, or the catalogue does not know the model. */
  readonly endOfLife?: string | undefined;
  /** `YYYY-MM-DD`, by the catalogue: from when on a higher price may apply than the list has. */
  readonly extendedAccessFrom?: string | undefined;
  /** The config prices it itself: no list needs to be trusted. */
  readonly ownPrice: boolean;
  readonly replacement?: string | undefined;
  /** System-defined profiles of the model, for who calls it without one. */
  readonly profileIds?: readonly string[] | undefined;
}

/** What is known beside the call itself, for the explanation. */
export interface CallContext {
  readonly guard: GuardState;
  readonly region: string;
  readonly now: number;
  readonly lifecycle: Answer<ModelLifecycle>;
  /** Asked only of a refused call. */
  readonly availability?: Answer<ModelAvailability>;
}
