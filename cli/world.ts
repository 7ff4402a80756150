import type { Reply } from './prompt';
import type { Line } from './result';
import type { Place, Services } from './services';

/** What a command has to do with, besides its options. */
export interface World {
  readonly now: () => number;
  /** Says on standard error what goes on, where it takes long. */
  readonly progress: (text: string) => void;
  /** At once, of a command that goes on until it is stopped; with `--json` on standard error. */
  readonly say: (lines: readonly Line[]) => void;
  /** On standard error. */
  readonly warn: (text: string) => void;
  /** Once somebody wants the command to end (SIGINT, SIGTERM); the second time the process ends at once. */
  readonly stopAsked: () => Promise<void>;
  /** @throws DeclinedError unless somebody says yes */
  readonly confirm: (question: string, yes: boolean) => Promise<void>;
  /** Asks a person for a line, on standard error. */
  readonly ask: (question: string) => Promise<Reply>;
  /** AWS as the caller's own credentials see it, in the Region of the place. Loads the SDK. */
  readonly services: (place: Place) => Promise<Services>;
  /** The version of Node that runs this, such as `v24.21.0`. */
  readonly node: string;
  /** Who runs this, for records that name somebody. */
  readonly user: string;
}
