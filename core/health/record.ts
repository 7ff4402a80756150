import type { Mail } from '../mail';
import type { HealthDocument } from './document';

/** The last result as the state table keeps it (pk `health`, sk `last`). */
export interface HealthRecord {
  readonly schemaVersion: 1;
  /** Counts up by one with each result, so that of two runs at once only one is kept and mailed. */
  readonly revision: number;
  /** Only scheduled runs are kept: who asks on demand gets an answer, and the next run tells people what is new. */
  readonly scheduledAtMs: number;
  readonly savedAtMs: number;
  readonly document: HealthDocument;
  /** What people have been told of and has not recovered: the finding's key and the condition told. */
  readonly told: Readonly<Record<string, string>>;
  /** Mails that are decided and not yet known to be sent. */
  readonly outbox: readonly Mail[];
}
