import { Book } from '../../../core/ledger/book';
import { nanoUsd, usd, ZERO } from '../../../core/money';

const NOW = Date.parse('2026-11-12T10:00:00Z');
const ids =
  (...all: string[]) =>
  () =>
    all.shift() ?? 'more';

test('two processes that drew the same id do not share a hold: the second takes another', () => {
  const [first, second] = [new Book(ids('same')), new Book(ids('same', 'other'))];
  const theirs = first.plan({ granted: usd(1), free: ZERO }, NOW, NOW + 1000);
  first.sending(theirs);
  first.arrived(theirs);
  // Its first write, as this is of the second.
  const mine = second.plan({ granted: usd(2), free: ZERO }, NOW, NOW + 1000);
  second.sending(mine);
  expect(mine.transition.to.writtenBy).toBe(theirs.transition.to.writtenBy);
  second.learn(theirs.transition.to);
  expect(second.id).toBe('other');
  expect(second.amount).toBe(0);
  expect(second.authorise(usd(1))).toBeUndefined();
});

test('a charge without a hold leaves a mark, which the next write takes away', () => {
  const book = new Book(ids('a', 'b'));
  book.charge(usd(3));
  const charged = book.plan({ granted: ZERO, free: ZERO }, NOW, NOW + 1000);
  expect(charged.transition).toMatchObject({ to: { amount: 1 }, spent: usd(3), remaining: nanoUsd(-usd(3) - 1) });
  book.sending(charged);
  // The answer is lost; the store shows the mark.
  book.learn(charged.transition.to);
  const back = book.plan({ granted: ZERO, free: ZERO }, NOW, NOW + 1000);
  expect(back.transition).toMatchObject({ to: { amount: 0 }, spent: 0, remaining: 1 });
});
