/** Items {until} that say "in use". */
export interface SessionsPort {
  /** Opens, or prolongs, a session. @throws ServiceError */
  put(session: Session): Promise<void>;
  /** No error where there is none. @throws ServiceError */
  remove(id: string): Promise<void>;
  /** All that are kept, ended ones among them: the table deletes those in its own time. @throws ServiceError */
  list(): Promise<readonly Session[]>;
}

export interface Session {
  readonly id: string;
  readonly untilMs: number;
  /** Who opened it, for people. */
  readonly by: string;
}
