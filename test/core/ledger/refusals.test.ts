import { nanoUsd, usd } from '../../../core/money';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

test.each([
  [nanoUsd(usd(40) - 1), 'reserved'],
  [usd(40), 'reserved'],
  [nanoUsd(usd(40) + 1), 'refused'],
])('with $40 left %d nano-dollars are %s', async (amount, kind) => {
  const processes = new LedgerProcesses();
  const ledger = processes.start();
  await spend(ledger, usd(60), usd(60));
  expect((await ledger.reserve(amount)).kind).toBe(kind);
});

test('a refusal is soft while calls in flight may leave room, and hard once it is spent', async () => {
  const processes = new LedgerProcesses();
  const [one, two] = [processes.start(), processes.start()];
  const first = reserved(await one.reserve(usd(90)));
  expect(await two.reserve(usd(20))).toEqual({
    kind: 'refused',
    soft: true,
    retryAfterSeconds: 2,
    remaining: usd(10),
  });
  await one.settle(first, usd(80));
  expect((await two.reserve(usd(20))).kind).toBe('reserved');
  // 18 days and 14 hours to December.
  const refusal = { kind: 'refused', soft: false, retryAfterSeconds: (18 * 24 + 14) * 3600, remaining: usd(0) };
  expect(await two.reserve(nanoUsd(usd(20) + 1))).toEqual(refusal);
});

test.each([
  [usd(40), true],
  [nanoUsd(usd(40) + 1), false],
])('with $60 spent and $10 in flight, %d nano-dollars are refused softly: %s', async (amount, soft) => {
  const ledger = new LedgerProcesses().start();
  await spend(ledger, usd(60), usd(60));
  await ledger.reserve(usd(10));
  expect(await ledger.reserve(amount)).toMatchObject({ kind: 'refused', soft });
});

test('a soft refusal names the time that calls have taken of late', async () => {
  const processes = new LedgerProcesses();
  const ledger = processes.start();
  const reservation = reserved(await ledger.reserve(usd(10)));
  await processes.pass(7.2);
  await ledger.settle(reservation, usd(0));
  // Settled again it is no other call.
  for (let again = 0; again < 10; again += 1) await ledger.settle(reservation, usd(0));
  await ledger.reserve(usd(100));
  expect(await ledger.reserve(usd(1))).toMatchObject({ soft: true, retryAfterSeconds: 8 });
});
