import { Book } from '../../../core/ledger/book';
import { Rooms, type Roomy } from '../../../core/ledger/rooms';
import { nanoUsd, ZERO } from '../../../core/money';

const ledger = (mostCharged: number, wanted = 0): Roomy => ({
  mostCharged: nanoUsd(mostCharged),
  wanted: nanoUsd(wanted),
  reconsider: () => {},
});

describe('what is held for budgets within', () => {
  test('is what they may be charged, less what their calls have used', () => {
    const rooms = new Rooms();
    const [one, other] = [ledger(10), ledger(4)];
    rooms.add(one);
    rooms.add(other);
    rooms.began('a', one, nanoUsd(3));
    rooms.arrived('a');
    expect([rooms.held, rooms.claimed]).toEqual([11, 11]);
    // It cost less than was reserved for it, and ends once.
    rooms.ended('a', nanoUsd(1));
    rooms.ended('a', nanoUsd(1));
    expect(rooms.held).toBe(13);
    // More used than held is nobody else's.
    rooms.charged(other, nanoUsd(6));
    expect(rooms.held).toBe(9);
  });

  test('counts calls that are on their way there as not used yet', () => {
    const rooms = new Rooms();
    const one = ledger(10);
    rooms.add(one);
    rooms.began('a', one, nanoUsd(3));
    expect(rooms.held).toBe(10);
    rooms.arrived('a');
    rooms.arrived('a');
    expect(rooms.held).toBe(7);
    // Refused there: it never arrives.
    rooms.began('b', one, nanoUsd(2));
    rooms.ended('b', ZERO);
    expect(rooms.held).toBe(7);
  });

  test('is claimed with what they are about to write', () => {
    const rooms = new Rooms();
    const one = ledger(10, 15);
    rooms.add(one);
    rooms.charged(one, nanoUsd(7));
    expect([rooms.held, rooms.claimed]).toEqual([3, 8]);
    expect([rooms.claimedAfter(one, nanoUsd(5)), rooms.claimedAfter(one, nanoUsd(20))]).toEqual([3, 0]);
  });

  test('is looked at again by those that hold any, where calls are refused', () => {
    const rooms = new Rooms();
    const asked: string[] = [];
    const [one, other] = ['one', 'other'].map((name) => ({ ...ledger(10), reconsider: () => void asked.push(name) }));
    rooms.add(one!);
    rooms.add(other!);
    rooms.charged(other!, nanoUsd(10));
    rooms.giveBack();
    expect(asked).toEqual(['one']);
  });

  test('is nothing of a ledger that is not within', () => {
    const rooms = new Rooms();
    rooms.charged(ledger(10), nanoUsd(3));
    rooms.began('a', ledger(10), nanoUsd(3));
    rooms.ended('a', ZERO);
    expect([rooms.held, rooms.claimed, rooms.claimedAfter(ledger(10), nanoUsd(1))]).toEqual([0, 0, 0]);
  });
});

describe('what a process is charged if it ends', () => {
  const plan = (book: Book, granted: number, free: number) =>
    book.plan({ granted: nanoUsd(granted), free: nanoUsd(free) }, 1, 1000);
  const holding = (free: number) => {
    const book = new Book(() => 'a');
    const sync = plan(book, 0, free);
    book.sending(sync);
    book.arrived(sync);
    return book;
  };

  test('is what is stored and held, and goes down with a write only once it has arrived', () => {
    const book = holding(10);
    const call = book.authorise(nanoUsd(4))!;
    book.settle(call, nanoUsd(1));
    expect([book.mostCharged, book.used]).toEqual([10, 1]);
    const sync = plan(book, 0, 2);
    book.sending(sync);
    expect(book.mostCharged).toBe(10);
    book.arrived(sync);
    expect([book.mostCharged, book.used]).toEqual([3, 1]);
  });

  test('goes up with a write once it is sent, but for calls that wait for it', () => {
    const book = holding(10);
    book.sending(plan(book, 5, 12));
    expect(book.mostCharged).toBe(12);
    // They have been told that it failed, and it may come yet.
    book.forsaken();
    expect(book.mostCharged).toBe(17);
    expect(book.used).toBe(ZERO);
  });
});

test('a write that keeps what is held for others lets nothing in, and is made whatever remains', () => {
  const book = new Book(() => 'a');
  const first = book.plan({ granted: ZERO, free: nanoUsd(10) }, 1, 1000);
  book.sending(first);
  book.arrived(first);
  const needs = (free: number, kept: number, granted = 0) =>
    book.plan({ granted: nanoUsd(granted), free: nanoUsd(free), kept: nanoUsd(kept) }, 2, 1000).transition.needs;
  expect([needs(5, 5), needs(5, 4), needs(0, 0), needs(5, 5, 1)]).toEqual([undefined, -5, undefined, -4]);
});
