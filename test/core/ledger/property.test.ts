import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd } from '../../../core/money';
import { charges } from '../../helpers/ledger-invariants';
import { faults, LEDGER_RUNS, SIZINGS } from '../../helpers/ledger-faults';
import { LedgerWorld, type WorldOptions } from '../../helpers/ledger-world';

jest.setTimeout(20_000 * LEDGER_RUNS);

const BASE = { processes: 50, callersEach: 2, largestBound: 20_000_000, seconds: 90, skewMs: 60_000 };

describe.each(SIZINGS)('%s: whatever crashes, stands still, is lost or comes late', (_, sizing) => {
  // The world throws after the step that breaks either.
  test('the bill and the bounds in flight never exceed the limit, and the ledger adds up after every step', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (options) => {
        const world = await new LedgerWorld({ ...BASE, ...options, sizing }).run();
        expect(world.counts.calls).toBeGreaterThan(5);
      }),
      { numRuns: LEDGER_RUNS, endOnFailure: true },
    );
  });

  test('also where the limit goes up and down, and the meter sees more than callers charge', async () => {
    await fc.assert(
      fc.asyncProperty(
        faults,
        fc.array(fc.double({ min: 0.3, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 }),
        async (options, parts) => {
          const meter = (elapsedMs: number, billed: number) => ({
            limit: nanoUsd(Math.floor(options.limit * parts[Math.floor(elapsedMs / 20_000)]!)),
            spentAtLeast: nanoUsd(Math.floor(billed * 1.05)),
          });
          const world = await new LedgerWorld({ ...BASE, ...options, processes: 20, meter, sizing }).run();
          expect(world.counts.calls).toBeGreaterThan(5);
        },
      ),
      { numRuns: LEDGER_RUNS, endOnFailure: true },
    );
  });
});

test('exact: 200 parallel callers at the cap use at least 99% of it and overshoot by nothing', async () => {
  const limit = usd(10);
  const options = {
    seed: 7,
    sizing: exactSizing(),
    limit,
    processes: 8,
    callersEach: 25,
    largestBound: limit / 200,
    seconds: 60,
  };
  const world = await new LedgerWorld(options).run();
  expect(world.counts).toMatchObject({ crashes: 0, unavailable: 0 });
  expect(world.counts.hard).toBeGreaterThanOrEqual(200);
  expect(world.committed).toBeLessThanOrEqual(limit);
  expect(world.committed / limit).toBeGreaterThan(0.99);
});

test('lease: without faults it uses as much', async () => {
  const limit = usd(10);
  const options = {
    seed: 7,
    sizing: leaseSizing,
    limit,
    processes: 8,
    callersEach: 25,
    largestBound: limit / 500,
    seconds: 90,
  };
  const world = await new LedgerWorld(options).run();
  expect(world.committed).toBeLessThanOrEqual(limit);
  expect(world.committed / limit).toBeGreaterThan(0.99);
});

describe('planted bugs are caught', () => {
  type Values = Record<string, string | number>;

  /** The write to a budget as the bug would send it; others as they are. */
  const altered =
    (alter: (values: Values, command: UpdateCommand) => Values | undefined, condition?: (text: string) => string) =>
    (command: unknown, run: (command: unknown) => unknown): unknown => {
      if (!(command instanceof UpdateCommand) || String(command.input.Key?.['pk']).startsWith('RATE'))
        return run(command);
      const values = alter({ ...command.input.ExpressionAttributeValues } as Values, command);
      if (!values) return run(command);
      const { ConditionExpression = '', UpdateExpression = '', ...input } = command.input;
      const text = condition ? condition(ConditionExpression) : ConditionExpression;
      const used = (all: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries(all).filter(([name]) => `${text} ${UpdateExpression} `.match(new RegExp(`${name}\\W`))),
        );
      return run(
        new UpdateCommand({
          ...input,
          UpdateExpression,
          ConditionExpression: text,
          ExpressionAttributeNames: used(input.ExpressionAttributeNames ?? {}) as Record<string, string>,
          ExpressionAttributeValues: used(values),
        }),
      );
    };

  const REMAINING = ':add_remaining';
  const SPENT = ':add_spent';
  const charging = (part: number) =>
    altered((values, command) => {
      if (!charges(command)) return undefined;
      const back = Math.floor(Number(values[SPENT]) * part);
      return { ...values, [SPENT]: Number(values[SPENT]) - back, [REMAINING]: back };
    });

  const halfComesBack = charging(0.5);
  const givenBackWhole = charging(1);
  const noCondition = altered(
    (values) => values,
    (text) => text.replace(/ AND #remaining >= :\w+/, ''),
  );
  const withoutFence = (text: string) => text.replace(/ AND (#h\w+ = :is_h\w+|attribute_not_exists\(#h\w+\))/, '');
  const noFence = altered((values) => values, withoutFence);
  const settledTwice: WorldOptions['tamper'] = (command, run, random) => {
    if (!(command instanceof UpdateCommand) || random() > 0.05) return run(command);
    noFence(command, run);
    return noFence(command, run);
  };
  const notTaken = altered((values) => (REMAINING in values ? { ...values, [REMAINING]: 0 } : undefined));

  const bugs: readonly (readonly [string, NonNullable<WorldOptions['tamper']>, RegExp])[] = [
    ['half of what ran out comes back', halfComesBack, /overshoot/],
    ['what ran out comes back whole', givenBackWhole, /overshoot/],
    ['a hold is written whatever stands there', noFence, /ledger broken/],
    ['a settlement delivered twice counts twice', settledTwice, /ledger broken/],
    ['a grant takes nothing from what remains', notTaken, /ledger broken|overshoot/],
  ];

  describe.each(SIZINGS)('%s', (_, sizing) => {
    const options = {
      ...BASE,
      seed: 3,
      limit: usd(2),
      leastPart: 1,
      crashes: 0.03,
      pauses: 0.05,
      lostAnswers: 0.05,
      lateRequests: 0.05,
      sizing,
    };

    test('the world without one holds', () => new LedgerWorld(options).run());

    test.each(bugs)('%s', async (_, tamper, message) => {
      await expect(new LedgerWorld({ ...options, tamper }).run()).rejects.toThrow(message);
    });

    test('the condition on what remains is dropped', async () => {
      // All start at once on a budget for a few of them.
      const rush = { ...options, limit: usd('0.10'), callersEach: 4, tamper: noCondition };
      await expect(new LedgerWorld(rush).run()).rejects.toThrow(/overshoot/);
    });
  });
});
