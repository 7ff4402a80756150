import type { ModelAvailability, ModelLifecycle } from '../ports/model-access';
import type { Answer } from './finding';
import type { GuardState } from './guard-state';

/** A configured model, as the health check needs it. */
export interface CheckedModel {
  /** As the configuration names it. */
  readonly id: string;
  /** Base model id, by which Bedrock's catalogue is asked. */
  readonly modelId: string;
  readonly tier: 'small' | 'large';
  /** The environment goes on without it: its absence is a warning. */
  readonly optional: boolean;
  /** What a caller names: an inference profile's ARN or id, or the model id. */
  readonly callAs: string;
  readonly soldThroughMarketplace: boolean;
  /** `YYYY-MM-DD`, by the catalogue. */
  readonly endOfLife?: string | undefined;
  readonly replacement?: string | undefined;
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
