import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDbLedgerOptions } from '../../../client/adapters/dynamodb-ledger';
import { utcDay } from '../../../core/calendar';
import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd } from '../../../core/money';
import type { BudgetPath, PeriodKey } from '../../../core/shared-budgets';
import { DAY, MONTH, NIGHTLY, refused, SEARCH, Tree, WEEK } from '../../helpers/budget-tree';
import { copied } from '../../helpers/dynamodb-fake';
import { reserved } from '../../helpers/ledger-processes';

describe('a call is reserved in the budget it names and in all that it is within', () => {
  test('and settled in all of them', async () => {
    const tree = new Tree();
    const ledger = tree.start();
    const call = reserved(await ledger.reserve(usd(4), 'search/nightly'));
    expect(tree.line()).toEqual([
      [0, usd(96)],
      [0, usd(46)],
      [0, usd(6)],
    ]);
    await ledger.settle(call, usd(1));
    expect(tree.line()).toEqual([
      [usd(1), usd(99)],
      [usd(1), usd(49)],
      [usd(1), usd(9)],
    ]);
    expect(tree.item('ads', WEEK)).toBeUndefined();
  });

  test('in the middle, and in the environment alone', async () => {
    const tree = new Tree();
    const ledger = tree.start();
    await ledger.settle(reserved(await ledger.reserve(usd(4), 'search')), usd(4));
    await ledger.settle(reserved(await ledger.reserve(usd(3))), usd(3));
    expect(tree.line()).toEqual([[usd(7), usd(93)], [usd(4), usd(46)], undefined]);
  });

  test('settled twice counts once', async () => {
    const tree = new Tree();
    const ledger = tree.start();
    const call = reserved(await ledger.reserve(usd(4), 'search/nightly'));
    await ledger.settle(call, usd(1));
    await ledger.settle(call, usd(1));
    expect(tree.line().map((one) => one?.[0])).toEqual([usd(1), usd(1), usd(1)]);
  });

  test('of one that the ledger was not told of nothing is', async () => {
    const tree = new Tree();
    await expect(tree.start().reserve(usd(1), 'serach')).rejects.toThrow(/no budget 'serach'/);
    expect(tree.line()).toEqual([undefined, undefined, undefined]);
  });
});

describe('all or nothing', () => {
  test.each<[string, BudgetPath | undefined, number, number, number]>([
    ['the one that is named', 'search/nightly', 100, 50, 10],
    ['the one in the middle', 'search', 100, 10, 50],
    ['the environment', undefined, 10, 50, 50],
  ])('%s has no room: it is named, and the others hold nothing', async (_, budget, whole, middle, leaf) => {
    const tree = new Tree([
      { ...SEARCH, limit: usd(middle) },
      { ...NIGHTLY, limit: usd(leaf) },
    ]);
    const ledger = tree.start({ limit: usd(whole) });
    const exactly = reserved(await ledger.reserve(usd(10), 'search/nightly'));
    const outcome = refused(await ledger.reserve(nanoUsd(1), 'search/nightly'));
    expect(outcome.budget).toBe(budget);
    expect(outcome).toMatchObject({ soft: true, remaining: 0 });
    await tree.processes.pass(1);
    expect(tree.line().map((one) => one?.[1])).toEqual([usd(whole - 10), usd(middle - 10), usd(leaf - 10)]);
    await ledger.settle(exactly, usd(9));
    expect(refused(await ledger.reserve(nanoUsd(usd(1) + 1), 'search/nightly'))).toMatchObject({ soft: false });
    reserved(await ledger.reserve(usd(1), 'search/nightly'));
  });

  test('a hard refusal says when the period of that budget ends', async () => {
    const tree = new Tree();
    const ledger = tree.start();
    await ledger.settle(reserved(await ledger.reserve(usd(10), 'search/nightly')), usd(10));
    const outcome = refused(await ledger.reserve(usd(1), 'search/nightly'));
    expect(outcome).toMatchObject({ budget: 'search/nightly', soft: false, retryAfterSeconds: 14 * 3600 });
  });

  test('one that has refused is asked first from then on: what it is within is not written for nothing', async () => {
    const tree = new Tree();
    const ledger = tree.start();
    await ledger.settle(reserved(await ledger.reserve(usd(10), 'search/nightly')), usd(10));
    refused(await ledger.reserve(usd(1), 'search/nightly'));
    const { writeUnits } = tree.processes.table;
    refused(await ledger.reserve(usd(1), 'search/nightly'));
    expect(tree.processes.table.writeUnits).toBe(writeUnits);
    reserved(await ledger.reserve(usd(1), 'search'));
  });

  test('the store does not answer for one of them: nothing stays held of the others', async () => {
    const tree = new Tree();
    const send = (command: { readonly input: { readonly Key?: Record<string, string> } }) =>
      command.input.Key?.['pk']?.includes('nightly') === true
        ? Promise.reject(new Error('connect ECONNREFUSED'))
        : Promise.resolve().then(() => copied(tree.processes.table.run(command)));
    const ledger = tree.start({ documents: { send } as unknown as NonNullable<DynamoDbLedgerOptions['documents']> });
    await expect(ledger.reserve(usd(5), 'search/nightly')).rejects.toThrow(/ECONNREFUSED/);
    await tree.processes.pass(1);
    expect(tree.line()).toEqual([[0, usd(100)], [0, usd(50)], undefined]);
  });

  test('nobody waits any more: what is granted then goes back', async () => {
    const tree = new Tree();
    let answer = () => {};
    const slow = new Promise<void>((resume) => (answer = resume));
    const send = async (command: unknown) => {
      if (command instanceof UpdateCommand && command.input.Key?.['pk'].includes('search#')) await slow;
      return copied(tree.processes.table.run(command));
    };
    const documents = { send } as unknown as NonNullable<DynamoDbLedgerOptions['documents']>;
    const asked = tree.start({ documents }).reserve(usd(5), 'search/nightly');
    const [, given] = await Promise.all([tree.processes.pass(3), asked.catch((error: Error) => error.message)]);
    expect(given).toMatch(/did not answer within 2800 ms/);
    answer();
    await tree.processes.pass(30);
    expect(tree.line()).toEqual([[0, usd(100)], [0, usd(50)], undefined]);
  });
});

test('what was spent without a reservation is charged to the line, on its day', async () => {
  const tree = new Tree();
  await tree.start().charge(utcDay(Date.parse('2026-11-11T12:00:00Z')), usd(12), usd(2), 'search/nightly');
  expect(tree.line()).toEqual([[usd(12), usd(88)], [usd(12), usd(38)], undefined]);
  expect(tree.item('search/nightly', '2026-11-11' as PeriodKey)).toMatchObject({
    spent: usd(12),
    remaining: usd(-2),
    unsettled: usd(2),
  });
});

test('an item that is gone is opened again with what this process knows, and it is said whose it was', async () => {
  const tree = new Tree();
  const lost = jest.fn();
  const ledger = tree.start({ lost });
  await ledger.settle(reserved(await ledger.reserve(usd(6), 'search/nightly')), usd(6));
  tree.processes.table.items.delete([...tree.processes.table.items.keys()].find((key) => key.includes('nightly'))!);
  expect(refused(await ledger.reserve(usd(5), 'search/nightly'))).toMatchObject({ budget: 'search/nightly' });
  expect(lost.mock.calls).toEqual([['search/nightly', DAY]]);
  expect(tree.item('search/nightly', DAY)).toMatchObject({ spent: usd(6), remaining: usd(4) });
  reserved(await ledger.reserve(usd(4), 'search/nightly'));
});

describe('a process that dies is charged what it held, in each budget', () => {
  test.each([
    ['exact', exactSizing()],
    ['lease', leaseSizing],
  ])('%s: and none is charged less than those within it', async (_, sizing) => {
    const tree = new Tree();
    const dying = tree.start({}, sizing);
    await dying.settle(reserved(await dying.reserve(usd(1), 'search/nightly')), usd('0.5'));
    reserved(await dying.reserve(usd(2), 'search/nightly'));
    tree.processes.kill(dying);
    await tree.processes.pass(20 * 60);
    const gone = tree.line().map((one, at) => [100, 50, 10][at]! - Number(one?.[1]) / usd(1));
    expect(gone[0]).toBeGreaterThanOrEqual(gone[1]!);
    expect(gone[1]).toBeGreaterThanOrEqual(gone[2]!);
    expect(gone[2]).toBeGreaterThanOrEqual(2.5);
  });
});

describe('what is left, for those who ask', () => {
  test('without a request by what this process has heard, and as it is stored', async () => {
    const tree = new Tree();
    const [ledger, other] = [tree.start(), tree.start()];
    expect(ledger.known?.('search/nightly')).toEqual([]);
    expect(await ledger.look?.('search/nightly')).toMatchObject([
      { budget: '', period: MONTH, limit: usd(100), remaining: usd(100) },
      { budget: 'search', limit: usd(50), spent: 0, held: 0, remaining: usd(50) },
      { budget: 'search/nightly', period: DAY, limit: usd(10), resetsAt: Date.parse('2026-11-13T00:00:00Z') },
    ]);
    reserved(await ledger.reserve(usd(4), 'search/nightly'));
    await other.settle(reserved(await other.reserve(usd(3), 'search')), usd(3));
    expect(ledger.known?.('search/nightly')).toMatchObject([
      {},
      { remaining: usd(46) },
      { held: usd(4), remaining: usd(6) },
    ]);
    expect(await ledger.look?.('search')).toMatchObject([{}, { spent: usd(3), held: usd(4), remaining: usd(43) }]);
  });

  test('on a lease what this process holds for its next calls is left to it', async () => {
    const tree = new Tree();
    const ledger = tree.start({}, leaseSizing);
    await ledger.settle(reserved(await ledger.reserve(usd('0.01'), 'search/nightly')), usd('0.01'));
    await tree.processes.pass(1);
    const [, , nightly] = ledger.known?.('search/nightly') ?? [];
    expect(nightly).toMatchObject({ spent: usd('0.01'), held: 0, remaining: usd('9.99') });
  });
});
