import { describe, expect, test } from '@jest/globals';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import type { BudgetWarning } from '../../client/watch';
import { nanoUsd, usd } from '../../core/money';
import { converseEvents } from '../helpers/bedrock-server';
import type { GuardedOptions } from '../helpers/guarded-client';
import { refusalOf } from '../helpers/refused';
import { ask, BUDGET, COST, DAY_MS, NOW, TOKENS, world, worlds } from './nested-budgets';

describe('a budget that is nearly gone', () => {
  /** Warnings and `near` events of calls, before each of which so much percent of the leaf are gone. */
  async function heard(percents: readonly number[], options: GuardedOptions = {}, budget = BUDGET) {
    const warnings: BudgetWarning[] = [];
    const all = await world({ onWarning: (warning) => warnings.push(warning), ...options });
    for (const percent of percents) {
      const { limit } = all.ledger.of(budget);
      all.ledger.of(budget).spent = Math.round((limit * percent) / 100) - COST;
      await all.client.send(ask());
    }
    const near = all.events.filter(({ name }) => name === 'near').map(({ attributes }) => attributes);
    return { ...all, warnings, near };
  }

  test.each<[readonly number[], readonly number[]]>([
    [[79.9999999], []],
    [[80], [80]],
    [[80, 81, 89.9999999], [80]],
    [
      [80, 90],
      [80, 90],
    ],
    [
      [80, 90, 94.9999999, 95],
      [80, 90, 95],
    ],
    [[70, 96], [95]],
    [[96, 85, 96], [95]],
    [[85, 70, 85], [80]],
    [
      [70, 91, 99],
      [90, 95],
    ],
  ])('%j percent gone: warned at %j', async (percents, lines) => {
    const { warnings, near } = await heard(percents);
    expect(warnings.map(({ atPercent }) => atPercent)).toEqual(lines);
    expect(near.map((attributes) => attributes['spend_guard.at_percent'])).toEqual(lines);
  });

  test('is told with all that is known of it', async () => {
    const { client, ledger, warnings, events } = await heard([]);
    Object.assign(ledger.of(BUDGET), { spent: usd('0.425') - COST, held: usd('0.5') });
    await client.send(ask());
    const near = events.filter(({ name }) => name === 'near').map(({ attributes }) => attributes);
    const resetsAt = '2026-11-11T00:00:00.000Z';
    expect(warnings).toEqual([
      {
        budget: BUDGET,
        period: '2026-11-10',
        atPercent: 90,
        percent: 92.5,
        remainingUsd: 0.075,
        spentUsd: 0.425,
        heldUsd: 0.5,
        limitUsd: 1,
        resetsAt,
      },
    ]);
    expect(near).toEqual([
      {
        'spend_guard.environment': 'dev',
        'spend_guard.budget': BUDGET,
        'spend_guard.at_percent': 90,
        'spend_guard.percent': 92.5,
        'spend_guard.remaining_usd': 0.075,
        'spend_guard.spent_usd': 0.425,
        'spend_guard.held_usd': 0.5,
        'spend_guard.limit_usd': 1,
        'spend_guard.resets_at': resetsAt,
      },
    ]);
  });

  test.each(['', 'search'])("each of those that a call is charged to is: '%s'", async (budget) => {
    const { warnings } = await heard([80, 90], {}, budget);
    expect(warnings.map((warning) => [warning.budget, warning.atPercent])).toEqual([
      [budget, 80],
      [budget, 90],
    ]);
  });

  test('anew in each of its periods, and not again by a late word of an earlier one', async () => {
    const clock = { now: NOW };
    const days: string[] = [];
    const { client, ledger } = await heard([96], {
      now: () => clock.now,
      onWarning: ({ resetsAt }) => days.push(resetsAt.slice(0, 10)),
    });
    for (const day of [1, 0, 1, 2]) {
      clock.now = NOW + day * DAY_MS;
      ledger.of(BUDGET).spent = usd('0.96') - COST;
      await client.send(ask());
    }
    expect(days).toEqual(['2026-11-11', '2026-11-12', '2026-11-13']);
  });

  test('by what others spent: the process hears of it when it is refused', async () => {
    const { client, ledger, warnings } = await heard([]);
    ledger.of('search').spent = usd(2);
    await refusalOf(client.send(ask()));
    expect(warnings).toMatchObject([{ budget: 'search', atPercent: 95, percent: 100 }]);
  });

  test('by a stream, when it has ended', async () => {
    const warnings: BudgetWarning[] = [];
    const onWarning = (warning: BudgetWarning) => warnings.push(warning);
    const { client, ledger } = await worlds({ events: converseEvents(TOKENS) }, { onWarning });
    ledger.of(BUDGET).spent = usd('0.9') - COST;
    const { stream } = await client.send(new ConverseStreamCommand(ask().input));
    expect(warnings).toEqual([]);
    for await (const _ of stream!);
    expect(warnings).toMatchObject([{ atPercent: 90, percent: 90 }]);
  });

  test('of nothing, where its limit is nothing', async () => {
    const { client, ledger, warnings } = await heard([]);
    ledger.of(BUDGET).limit = nanoUsd(0);
    await refusalOf(client.send(ask()));
    expect(warnings).toMatchObject([{ atPercent: 95, percent: 100, limitUsd: 0 }]);
  });

  test('is not warned of where the ledger does not know', async () => {
    const warnings: BudgetWarning[] = [];
    const { client, ledger } = await world({ onWarning: (warning) => warnings.push(warning) });
    ledger.of(BUDGET).spent = usd('0.99');
    Object.assign(ledger, { known: undefined });
    await client.send(ask());
    ledger.known = () => [];
    await client.send(ask());
    expect(warnings).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('listener');
      },
    ],
    ['rejects', () => Promise.reject(new Error('listener'))],
  ])('a listener that %s fails no call, and is not asked again', async (_, listener) => {
    let calls = 0;
    const onWarning = () => {
      calls += 1;
      return listener();
    };
    const { server, near } = await heard([85, 86], { onWarning });
    await new Promise(setImmediate);
    expect([calls, server.received.length, near.length]).toEqual([1, 2, 1]);
  });

  test('a listener that calls a model itself is warned once', async () => {
    const made: Promise<unknown>[] = [];
    const all = await world({ onWarning: () => made.push(all.client.send(ask())) });
    all.ledger.of(BUDGET).spent = usd('0.85');
    await all.client.send(ask());
    await Promise.all(made);
    expect([made.length, all.server.received.length]).toEqual([1, 2]);
  });
});
