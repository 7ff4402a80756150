import { GuardError, type ServiceError } from '../../core/errors';
import type { ToldMarkPort } from '../../core/meter';

/** The mark of the last event, in memory. */
export class FakeToldMark implements ToldMarkPort {
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;
  /** A release of another schemaVersion has left it. */
  ofOtherVersion = false;
  private at: number | undefined;

  async put(at: number): Promise<void> {
    if (this.failure) throw this.failure;
    this.at = at;
    this.ofOtherVersion = false;
  }

  async last(): Promise<number | undefined> {
    if (this.failure) throw this.failure;
    if (this.ofOtherVersion) throw new GuardError('ANSWER_INVALID', 'item meter/told is not what the meter writes');
    return this.at;
  }
}
