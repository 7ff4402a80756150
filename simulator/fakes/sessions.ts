import type { Session, SessionsPort } from '../../core/ports/sessions';

export class FakeSessions implements SessionsPort {
  readonly sessions = new Map<string, Session>();

  async put(session: Session): Promise<void> {
    this.sessions.set(session.id, session);
  }

  async remove(id: string): Promise<void> {
    this.sessions.delete(id);
  }

  async list(): Promise<readonly Session[]> {
    return [...this.sessions.values()];
  }
}
