import { HOUR_MS } from '../../../core/calendar';
import { Book } from '../../../core/ledger/book';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';

const NOW = Date.parse('2026-11-12T10:00:00Z');
const ids =
  (...all: string[]) =>
  () =>
    all.shift() ?? 'more';

const plan = (book: Book, granted: NanoUsd, free = ZERO) => book.plan({ granted, free }, NOW, NOW + 1000);

const send = (book: Book, granted: NanoUsd, free = ZERO) => {
  const sync = plan(book, granted, free);
  book.sending(sync);
  return sync;
};

/** A book with a stored hold of `amount`. */
const holding = (amount: NanoUsd, ...more: string[]) => {
  const book = new Book(ids('a', ...more));
  book.arrived(send(book, amount));
  return book;
};

test('two processes that drew the same id do not share a hold: the second takes another', () => {
  const [first, second] = [new Book(ids('same')), new Book(ids('same', 'other'))];
  const theirs = send(first, usd(1));
  first.arrived(theirs);
  // Its first write, as this is of the second.
  const mine = send(second, usd(2));
  expect(mine.transition.to.writtenBy).toBe(theirs.transition.to.writtenBy);
  second.learn(theirs.transition.to);
  expect(second.id).toBe('other');
  expect(second.amount).toBe(0);
  expect(second.authorise(usd(1))).toBeUndefined();
});

test.each([
  ['another amount', { amount: usd(2) }],
  ['another time', { expiresAtMs: NOW + 1001 }],
  ['another write', { writtenBy: '2' }],
])('a hold under the id of this one, with %s, is not the one that was sent', (_, other) => {
  const book = new Book(ids('a', 'b'));
  const sent = send(book, usd(1));
  book.learn({ ...sent.transition.to, ...other });
  expect([book.id, book.amount]).toEqual(['b', 0]);
});

describe('what a hold covers', () => {
  test('is let in to the last nano-dollar, under ids of its own', () => {
    const book = holding(usd(3));
    expect(book.authorise(usd(1))).toBe('a.1');
    expect(book.authorise(nanoUsd(usd(2) + 1))).toBeUndefined();
    expect(book.authorise(usd(2))).toBe('a.2');
    expect(book.authorise(nanoUsd(1))).toBeUndefined();
    expect([book.amount, book.free, book.unused]).toEqual([usd(3), 0, 0]);
  });

  test('is less what was spent and is not stored, and more by each bound of a call that ends', () => {
    const book = holding(usd(3));
    const id = book.authorise(usd(2))!;
    expect([book.free, book.unused, book.toStore]).toEqual([usd(1), usd(1), 0]);
    expect(book.settle(id, usd('0.5'))).toBe(usd(2));
    expect([book.free, book.unused, book.toStore]).toEqual([usd('2.5'), usd('2.5'), usd('0.5')]);
    expect(book.settle(id, usd('0.5'))).toBeUndefined();
    expect(book.toStore).toBe(usd('0.5'));
  });

  test('is the least of what it may be, while writes are on their way', () => {
    const book = holding(usd(5));
    book.charge(usd(1));
    expect(send(book, usd(1)).transition.to.amount).toBe(usd(1));
    // Stored, $1 is spent and $1 held; not stored, $5 are held and $1 of them spent.
    expect([book.free, book.unused]).toEqual([usd(1), usd(4)]);
    book.charge(usd('0.25'));
    expect(book.free).toBe(usd('0.75'));
    const more = holding(usd(1));
    send(more, usd(9));
    expect(more.free).toBe(usd(1));
  });
});

describe('what is still to store', () => {
  test('nothing, in a new book', () => {
    const book = new Book(ids('a'));
    expect([book.isSettled, book.isEmpty, book.isMarked, book.uncertain]).toEqual([true, true, false, false]);
  });

  test('a hold beyond the calls in flight, what they cost, and a write without an answer', () => {
    const book = holding(usd(1));
    expect([book.isSettled, book.isEmpty]).toEqual([false, false]);
    const id = book.authorise(usd(1))!;
    expect([book.isSettled, book.isEmpty]).toEqual([true, false]);
    const grown = send(book, usd(1));
    expect([book.isSettled, book.uncertain]).toEqual([false, true]);
    book.arrived(grown);
    expect([book.uncertain, book.amount]).toEqual([false, usd(2)]);
    book.settle(id, usd(1));
    const last = send(book, ZERO);
    expect(last).toMatchObject({ spent: usd(1), unsettled: 0, at: NOW, transition: { to: { amount: 0 } } });
    book.arrived(last);
    expect([book.isSettled, book.isEmpty, book.toStore, book.amount]).toEqual([true, true, 0, 0]);
  });

  test('what was spent without a hold', () => {
    const book = new Book(ids('a'));
    book.charge(nanoUsd(1));
    expect([book.isSettled, book.isEmpty]).toEqual([false, false]);
  });

  test('what is charged while a write is on its way waits for the next', () => {
    const book = holding(usd(5));
    book.charge(usd(1), usd(1));
    const sent = send(book, ZERO, usd(1));
    book.charge(usd(3), usd(2));
    book.arrived(sent);
    expect(plan(book, ZERO)).toMatchObject({ spent: usd(3), unsettled: usd(2) });
  });

  test('of a call that no source tells, its part', () => {
    const book = holding(usd(5));
    book.settle(book.authorise(usd(2))!, usd(2), usd(1));
    expect(plan(book, ZERO)).toMatchObject({ spent: usd(2), unsettled: usd(1) });
  });
});

describe('a write', () => {
  test('holds the calls in flight, those it lets in and what is free beside, under a number of its own', () => {
    const book = holding(usd(4));
    book.authorise(usd(1));
    const sync = plan(book, usd(2), usd(3));
    expect(sync.transition).toMatchObject({
      from: { id: 'a', amount: usd(4), writtenBy: '1' },
      to: { id: 'a', claim: 'active', amount: usd(6), expiresAtMs: NOW + 1000, writtenBy: '2' },
      needs: usd(2),
    });
  });

  test.each([
    ['a call', usd(1), ZERO, true],
    ['room for the next', ZERO, usd(1), true],
    ['nobody', ZERO, ZERO, false],
  ])('asks for what remains where somebody is let in by it: %s', (_, granted, free, asks) => {
    expect('needs' in plan(holding(usd(1)), granted, free).transition).toBe(asks);
  });

  test.each([
    ['nothing is held, and something spent', false, usd(1), ZERO, 1],
    ['nothing is held or spent', false, ZERO, ZERO, 0],
    ['something is held', true, usd(1), ZERO, 0],
    ['something will be', false, usd(1), usd(2), usd(2)],
  ])('leaves a mark where it could not be told from none: %s', (_, holds, spent, granted, amount) => {
    const book = holds ? holding(usd(1)) : new Book(ids('a'));
    book.charge(spent);
    expect(plan(book, granted).transition.to.amount).toBe(amount);
  });

  test('a charge without a hold leaves a mark, which the next write takes away', () => {
    const book = new Book(ids('a', 'b'));
    book.charge(usd(3));
    const charged = send(book, ZERO);
    expect(charged.transition).toMatchObject({ to: { amount: 1 }, spent: usd(3), remaining: nanoUsd(-usd(3) - 1) });
    expect(book.isMarked).toBe(false);
    // The answer is lost; the store shows the mark.
    book.learn(charged.transition.to);
    expect(book.isMarked).toBe(true);
    expect(plan(book, ZERO).transition).toMatchObject({ to: { amount: 0 }, spent: 0, remaining: 1 });
    // A call of a nano-dollar in flight looks the same, and is none.
    book.authorise(nanoUsd(1));
    expect(book.isMarked).toBe(false);
  });

  test('that gives all back ends the hold: its id is not used again', () => {
    const book = holding(usd(1), 'b');
    expect(book.id).toBe('a');
    book.arrived(send(book, ZERO));
    expect([book.id, book.amount]).toEqual(['b', 0]);
    expect(plan(book, usd(1)).transition).not.toHaveProperty('from');
  });
});

describe('a write without an answer', () => {
  test('had not happened where the hold is as it was, and may happen still', () => {
    const book = holding(usd(5));
    const { to } = send(book, ZERO, usd(4)).transition;
    book.learn({ ...to, amount: usd(5), writtenBy: '1' });
    expect([book.uncertain, book.amount, book.free]).toEqual([false, usd(5), usd(4)]);
  });

  test('can happen no more where another process has charged the hold', () => {
    const book = holding(usd(5));
    const { to } = send(book, ZERO, usd(4)).transition;
    book.learn({ ...to, amount: usd(5), writtenBy: '1', claim: 'charged' });
    expect(book.free).toBe(usd(5));
    expect(plan(book, ZERO).transition.from).toMatchObject({ claim: 'charged' });
  });

  test('has happened where the hold is as it was sent: what it stored is stored', () => {
    const book = holding(usd(5));
    book.charge(usd(1));
    const sent = send(book, usd(2));
    book.learn(sent.transition.to);
    expect([book.toStore, book.amount, book.free]).toEqual([0, usd(2), usd(2)]);
  });

  test('has happened, and then the hold was charged', () => {
    const book = holding(usd(5));
    book.charge(usd(1));
    const { to } = send(book, usd(2)).transition;
    book.learn({ ...to, claim: 'charged' });
    expect([book.toStore, book.amount]).toEqual([0, usd(2)]);
    expect(plan(book, ZERO).transition.from).toMatchObject({ claim: 'charged' });
  });

  test('has happened, and so another that was sent cannot any more', () => {
    const book = holding(usd(5));
    const { to } = send(book, usd(3)).transition;
    send(book, usd(1));
    book.learn(to);
    expect([book.amount, book.free]).toEqual([usd(3), usd(3)]);
  });

  test('of nothing, where nothing was held, changes nothing', () => {
    const book = new Book(ids('a', 'b'));
    send(book, ZERO);
    book.learn(undefined);
    expect([book.id, book.amount, book.toStore]).toEqual(['a', 0, 0]);
  });

  test.each([
    ['sent while the hold was there for sure', HOUR_MS - 1, 0],
    ['sent when others may have removed it', HOUR_MS, usd(1)],
  ])('that gives all back, and none is there: %s', (_, late, toStore) => {
    const book = holding(usd(5), 'b');
    book.charge(usd(1));
    // It ran out at NOW + 1000.
    const at = NOW + 1000 + late;
    book.sending(book.plan({ granted: ZERO, free: ZERO }, at, at + 1000));
    book.learn(undefined);
    expect([book.toStore, book.id, book.amount, book.free]).toEqual([toStore, 'b', 0, nanoUsd(-toStore)]);
  });

  test('that keeps something has not happened where no hold is there: the hold is lost, and its calls are covered by nothing', () => {
    const book = holding(usd(5), 'b');
    book.authorise(usd(2));
    book.charge(usd(1));
    send(book, ZERO);
    book.learn(undefined);
    expect([book.toStore, book.id, book.amount, book.free]).toEqual([usd(1), 'b', 0, usd(-3)]);
  });

  test('of a first hold, which is not there, may happen still, under the same id', () => {
    const book = new Book(ids('a', 'b'));
    send(book, usd(1));
    book.learn(undefined);
    expect([book.id, book.amount, book.free, book.uncertain]).toEqual(['a', 0, 0, false]);
  });
});

test.each([
  [-1, false],
  [0, false],
  [1, true],
])('%d ms after its time a hold may be taken for dead: %s', (past, dead) => {
  expect(holding(usd(1)).mayBeTakenForDead(NOW + 1000 + past)).toBe(dead);
  expect(new Book(ids('a')).mayBeTakenForDead(NOW + 1000 + past)).toBe(false);
});
