import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nanoUsd } from '../../core/money';
import { cost, PROFILE } from '../helpers/guarded-client';
import { pythonOf } from '../helpers/python';
import { twoServers, type TwoServers } from '../helpers/two-servers';

const PROCESSES = 2;
const CALLERS_EACH = 100;
const MAX_TOKENS = 500;
const COST = cost({ input: 10, output: MAX_TOKENS });
const AFFORDABLE = 2_000;
const KILLED_AT = 600;
const LIMIT = nanoUsd(AFFORDABLE * COST);

describe.each(['exact', 'lease'] as const)(
  '200 callers with boto3 through two servers, one of them killed: %s',
  (mode) => {
    let world: TwoServers;
    const outcomes: Record<string, number> = {};

    beforeAll(async () => {
      const python = pythonOf(path.join(__dirname, 'moto-requirements.txt'));
      const bundle = `build/test-server/boto3-${mode}.js`;
      world = await twoServers({ mode, limit: LIMIT, takesMs: 50, killedAt: KILLED_AT, bundle });
      const all = await Promise.all(
        Array.from({ length: PROCESSES }, (_, n) =>
          promisify(execFile)(python, [
            path.join(__dirname, 'boto3-callers.py'),
            JSON.stringify([world.urls, PROFILE, CALLERS_EACH, MAX_TOKENS, n]),
          ]),
        ),
      );
      for (const { stdout } of all)
        for (const [outcome, count] of Object.entries(JSON.parse(stdout) as Record<string, number>))
          outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      await world.ended();
    }, 600_000);
    afterAll(() => world?.stop());

    test('all went on at the other, until each was told that the budget is used up', () => {
      process.stdout.write(`${mode}: ${JSON.stringify(outcomes)}\n`);
      expect(world.first.child.signalCode).toBe('SIGKILL');
      expect(Object.keys(outcomes).sort()).toEqual(['402 SpendGuardRefused', 'answered', 'went on at the other']);
      expect(outcomes['402 SpendGuardRefused']).toBeGreaterThanOrEqual(PROCESSES * CALLERS_EACH);
    });

    test('no more was billed than the limit, all of it is used, and the table accounts for every dollar', () => {
      world.checkUsedUp();
    });
  },
);
