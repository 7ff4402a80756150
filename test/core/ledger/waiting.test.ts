import type { Reservation, ReserveOutcome } from '../../../core/ledger/ports';
import { WaitingLine } from '../../../core/ledger/waiting';
import { nanoUsd, usd, type NanoUsd } from '../../../core/money';

const reservation = (amount: NanoUsd): Reservation => ({ id: `r${amount}`, period: '2026-11', amount }) as Reservation;
const REFUSED: ReserveOutcome = { kind: 'refused', soft: true, retryAfterSeconds: 1, remaining: usd(0) };
const authorised = ({ amount }: { readonly amount: NanoUsd }) => reservation(amount);
const reserved = (amount: number) => ({ kind: 'reserved', reservation: reservation(nanoUsd(amount)) });

function lineOf(...amounts: number[]) {
  const line = new WaitingLine();
  const later = amounts.map((amount) => line.join(nanoUsd(amount), undefined));
  return { line, later, outcomes: () => Promise.all(later.map(({ outcome }) => outcome)) };
}

test('calls stand in line as they came', () => {
  const { line } = lineOf(3, 1, 2);
  expect([line.length, line.amounts]).toEqual([3, [3, 1, 2]]);
});

test('those that do not fit, and those nobody has looked at, are told why and leave; the others keep their order', async () => {
  const { line, later } = lineOf(1, 2, 3, 4);
  const why = jest.fn(() => REFUSED);
  line.refuseOthers([true, false, true], why);
  expect(line.amounts).toEqual([1, 3]);
  expect(await Promise.all([later[1]!.outcome, later[3]!.outcome])).toEqual([REFUSED, REFUSED]);
  expect(why.mock.calls).toEqual([[2], [4]]);
});

test('who has given up stands there no more', () => {
  const { line, later } = lineOf(1, 2, 3);
  later[1]!.giveUp();
  expect(line.present().map(({ amount }) => amount)).toEqual([1, 3]);
  expect(line.amounts).toEqual([1, 3]);
});

describe('calls are served', () => {
  test('all that were present, and those that came meanwhile wait on', async () => {
    const { line, outcomes } = lineOf(1, 2);
    const grants = line.present();
    line.join(nanoUsd(3), undefined);
    expect(line.serve(grants, authorised)).toBe(false);
    expect(await outcomes()).toEqual([reserved(1), reserved(2)]);
    expect(line.amounts).toEqual([3]);
  });

  test('but not past what is authorised: they wait on, before those that came meanwhile', async () => {
    const { line, later } = lineOf(1, 2);
    const grants = line.present();
    line.join(nanoUsd(3), undefined);
    expect(line.serve(grants, ({ amount }) => (amount === 1 ? undefined : reservation(amount)))).toBe(false);
    expect(await later[1]!.outcome).toEqual(reserved(2));
    expect(line.amounts).toEqual([1, 3]);
    line.serve(line.present(), authorised);
    expect(await later[0]!.outcome).toEqual(reserved(1));
  });

  test('nothing is authorised for one who has gone meanwhile, and it is said that room was made for nobody', async () => {
    const { line, later } = lineOf(1, 2);
    const grants = line.present();
    later[0]!.giveUp();
    const authorise = jest.fn(authorised);
    expect(line.serve(grants, authorise)).toBe(true);
    expect(authorise.mock.calls).toMatchObject([[{ amount: 2 }]]);
    expect(await later[1]!.outcome).toEqual(reserved(2));
    expect(line.length).toBe(0);
  });
});

test('a failure is told to all that wait, once', async () => {
  const { line, later } = lineOf(1, 2);
  const failure = new Error('away');
  line.fail(failure);
  expect(line.length).toBe(0);
  expect((await Promise.allSettled(later.map(({ outcome }) => outcome))).map((told) => told)).toEqual([
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: failure },
  ]);
});
