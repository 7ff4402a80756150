import { Contention } from '../../../core/ledger/contention';
import { LedgerContended } from '../../../core/ledger/ports';

/** Its pauses end at once, and are noted in ms. */
function contention() {
  const pauses: number[] = [];
  const after = (ms: number, run: () => void) => {
    pauses.push(ms);
    run();
    return () => {};
  };
  return { pauses, contention: new Contention({ after, random: () => 0.5 }) };
}

test('a write that was overtaken is repeated at once, then after pauses that grow', async () => {
  const { pauses, contention: one } = contention();
  expect(one.wasOvertaken).toBe(false);
  await one.overtaken();
  expect([one.wasOvertaken, pauses]).toEqual([true, []]);
  await one.overtaken();
  await one.overtaken();
  expect(pauses).toEqual([25, 37.5]);
});

test('twelve in a row are repeated, the next is not', async () => {
  const { contention: one } = contention();
  for (let n = 0; n < 12; n += 1) await one.overtaken();
  await expect(one.overtaken()).rejects.toThrow(LedgerContended);
});

test('one that is through ends the row', async () => {
  const { pauses, contention: one } = contention();
  for (let n = 0; n < 12; n += 1) await one.overtaken();
  one.over();
  expect(one.wasOvertaken).toBe(false);
  pauses.length = 0;
  await one.overtaken();
  expect(pauses).toEqual([]);
});
