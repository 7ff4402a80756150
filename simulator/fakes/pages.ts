import type { ServiceError } from '../../core/errors';
import type { PagesPort } from '../../core/organization';

/** A bucket, by key. */
export class FakePages implements PagesPort {
  readonly pages = new Map<string, string>();
  /** What every write gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async put(key: string, html: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.pages.set(key, html);
  }
}
