import { DAY_MS } from '../calendar';
import { GuardError } from '../errors';
import type { Session, SessionsPort } from './ports';

/** A forgotten session must not keep functions awake for good. */
export const LONGEST_SESSION_MS = 7 * DAY_MS;

/**
 * Says that the environment is in use until a time: nothing is lowered for being idle, and what sleeps for it wakes at the
 * next run. A session that is open already is prolonged or shortened.
 * @throws GuardError LIMIT_EXCEEDED unless it ends after now and within a week; ServiceError
 */
export async function openSession(port: SessionsPort, session: Session, nowMs: number): Promise<void> {
  if (!(session.untilMs > nowMs && session.untilMs <= nowMs + LONGEST_SESSION_MS)) {
    throw new GuardError(
      'LIMIT_EXCEEDED',
      `a session must end after now (${iso(nowMs)}) and within 7 days, got ${iso(session.untilMs)}`,
    );
  }
  if (session.id === '') throw new GuardError('LIMIT_EXCEEDED', 'a session needs an id of at least one character');
  await port.put(session);
}

/** @throws ServiceError */
export async function closeSession(port: SessionsPort, id: string): Promise<void> {
  await port.remove(id);
}

/** The one that ends last of those open now. @throws ServiceError */
export async function anyOpenSession(port: SessionsPort, nowMs: number): Promise<Session | undefined> {
  const open = (await port.list()).filter(({ untilMs }) => untilMs > nowMs);
  return open.reduce<Session | undefined>((last, one) => (last && last.untilMs >= one.untilMs ? last : one), undefined);
}

function iso(ms: number): string {
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}
