import type { EnvironmentConfig } from '../../config';
import type { ModelPrice } from '../../core/prices';
import type { StepModel, Used } from '../../core/verify';
import type { Services } from '../services';
import type { JournalFile } from './journal-file';
import type { Made } from './made';

/** A Legacy model that may be tried. */
export interface LegacyModel {
  readonly id: string;
  /** The dearest that is known where no list has it. */
  readonly price: Pick<ModelPrice, 'input' | 'output'>;
}

/** What a step has to do with. */
export interface Verification {
  readonly runId: string;
  readonly environment: EnvironmentConfig;
  /** The cheapest model. */
  readonly model: StepModel;
  readonly legacy: LegacyModel | undefined;
  readonly services: Services;
  readonly journal: JournalFile;
  readonly made: Made;
  readonly now: () => number;
  /** @throws StoppedError once somebody wants the command to end */
  readonly sleep: (ms: number) => Promise<void>;
  readonly progress: (text: string) => void;
  /** Counts what was used, for what the step has cost. */
  readonly use: (part: Partial<Used>) => void;
}

/** Somebody has asked the command to end. What was made is removed all the same. */
export class StoppedError extends Error {
  constructor() {
    super('stopped before it was done');
    this.name = 'StoppedError';
  }
}
