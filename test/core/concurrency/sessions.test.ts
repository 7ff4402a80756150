import { anyOpenSession, closeSession, LONGEST_SESSION_MS, openSession } from '../../../core/concurrency/sessions';
import { FakeSessions } from '../../../simulator/fakes/sessions';

const NOW = Date.parse('2026-11-10T12:00:00Z');
const session = (untilMs: number, id = 'a') => ({ id, untilMs, by: 'ana' });

test.each([
  [0, false],
  [1, true],
  [LONGEST_SESSION_MS, true],
  [LONGEST_SESSION_MS + 1, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('a session that ends %p ms from now is allowed: %p', async (ms, allowed) => {
  const port = new FakeSessions();
  const opened = openSession(port, session(NOW + ms), NOW);
  if (allowed) await opened;
  else await expect(opened).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  expect(port.sessions.size).toBe(allowed ? 1 : 0);
});

test('it is open until its end, though the table still keeps it', async () => {
  const port = new FakeSessions();
  await openSession(port, session(NOW + 1000), NOW);
  await openSession(port, session(NOW + 2000, 'b'), NOW);
  expect(await anyOpenSession(port, NOW)).toMatchObject({ id: 'b' });
  expect(await anyOpenSession(port, NOW + 1999)).toMatchObject({ id: 'b' });
  expect(await anyOpenSession(port, NOW + 2000)).toBeUndefined();
});

test('it can be closed, twice too', async () => {
  const port = new FakeSessions();
  await openSession(port, session(NOW + 1000), NOW);
  await closeSession(port, 'a');
  await closeSession(port, 'a');
  expect(await anyOpenSession(port, NOW)).toBeUndefined();
});
