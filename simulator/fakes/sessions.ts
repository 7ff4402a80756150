import type { ServiceError } from '../../core/errors';
import type { Session, SessionsPort } from '../../core/concurrency';

/** Kept until they are removed: the table, too, deletes what has ended only in its own time. */
export class FakeSessions implements SessionsPort {
  readonly sessions = new Map<string, Session>();
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async put(session: Session): Promise<void> {
    this.refuse();
    this.sessions.set(session.id, session);
  }

  async remove(id: string): Promise<void> {
    this.refuse();
    this.sessions.delete(id);
  }

  async list(): Promise<readonly Session[]> {
    this.refuse();
    return [...this.sessions.values()];
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
