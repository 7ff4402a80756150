import type { Target } from '../../../core/concurrency/target';
import type { ConcurrencyPort } from '../../../core/concurrency/ports';
import { contract, differs, type Case } from './contract';

export interface ConcurrencySubject {
  readonly port: ConcurrencyPort;
  /** A function with aliases of these names, all on its version 1. @returns its name */
  readonly deploy: (...aliases: readonly string[]) => Promise<string>;
  /** Divides an alias's traffic between two versions, as a deploy does. */
  readonly divide: (target: Target) => Promise<void>;
  /** Points an alias to a new version. */
  readonly redeploy: (target: Target) => Promise<void>;
  /** Lambda has had the time that it takes. */
  readonly allocated: () => Promise<void>;
  /** Every later request is throttled. */
  readonly throttle: () => Promise<void>;
}

export interface AllocationEnds {
  /** Later allocations fail. */
  readonly failAllocations: () => void;
}

const live = (functionName: string): Target => ({ functionName, qualifier: 'live' });
const NOT_FOUND = { name: 'ServiceError', refusal: 'notFound' };
const INVALID = { name: 'ServiceError', refusal: 'invalid' };

const illegal: readonly [string, number][] = [
  ['0', 0],
  ['a value below 0', -1],
];

export const concurrencyContract = contract<ConcurrencySubject, AllocationEnds>(
  'concurrency',
  [
    {
      name: 'an alias has none until it is given some, and has what it was given last',
      async run({ port, deploy, allocated }) {
        const target = live(await deploy('live'));
        expect(await port.config(target)).toBeUndefined();
        expect(await port.list(target.functionName)).toEqual([]);
        for (const value of [3, 2]) {
          await port.put(target, value);
          const config = await port.config(target);
          expect(config).toMatchObject({ requested: value, status: expect.stringMatching(/^(IN_PROGRESS|READY)$/) });
          expect(config!.lastModifiedMs).toBeGreaterThan(Date.parse('2026-01-01'));
        }
        await allocated();
        expect(await port.config(target)).toMatchObject({ requested: 2, status: 'READY' });
        const [listed, ...more] = await port.list(target.functionName);
        expect(listed).toMatchObject({ qualifier: 'live', requested: 2, status: 'READY' });
        expect(more).toEqual([]);
      },
    },
    {
      name: 'a version can have it as well as an alias, each its own',
      async run({ port, deploy }) {
        const functionName = await deploy('live', 'next');
        const next = { functionName, qualifier: 'next' };
        await port.put(live(functionName), 1);
        await port.put(next, 2);
        const found = (await port.list(functionName)).map(({ qualifier, requested }) => [qualifier, requested]);
        expect(found.toSorted()).toEqual([
          ['live', 1],
          ['next', 2],
        ]);
        await port.remove(next);
        const version = { functionName, qualifier: '1' };
        expect(await port.config(version)).toBeUndefined();
      },
    },
    {
      name: 'every configuration of a function, over all pages',
      async run({ port, deploy }) {
        // A page holds 50: https://docs.aws.amazon.com/lambda/latest/api/API_ListProvisionedConcurrencyConfigs.html (2026-11).
        const aliases = Array.from({ length: 51 }, (_, at) => `alias-${at}`);
        const functionName = await deploy(...aliases);
        for (const qualifier of aliases) await port.put({ functionName, qualifier }, 1);
        const listed = await port.list(functionName);
        for (const qualifier of aliases) await port.remove({ functionName, qualifier });
        expect(new Set(listed.map(({ qualifier }) => qualifier))).toEqual(new Set(aliases));
        expect(await port.list(functionName)).toEqual([]);
      },
    },
    {
      name: 'trap 3: it is deleted where it is to be none; twice does no harm',
      async run({ port, deploy }) {
        const target = live(await deploy('live'));
        await port.put(target, 2);
        for (const _ of [1, 2]) await expect(port.remove(target)).resolves.toBeUndefined();
        expect(await port.config(target)).toBeUndefined();
      },
    },
    ...illegal.map(([what, value]): Case<ConcurrencySubject> => ({
      name: `trap 3: ${what} is refused, and what was there stays`,
      async run({ port, deploy }) {
        const target = live(await deploy('live'));
        await port.put(target, 2);
        await expect(port.put(target, value)).rejects.toMatchObject(INVALID);
        expect(await port.config(target)).toMatchObject({ requested: 2 });
      },
    })),
    {
      name: '$LATEST cannot have it',
      async run({ port, deploy }) {
        const functionName = await deploy('live');
        await expect(port.put({ functionName, qualifier: '$LATEST' }, 1)).rejects.toMatchObject(INVALID);
      },
    },
    {
      name: 'an alias that divides its traffic cannot have it',
      async run({ port, deploy, divide }) {
        const target = live(await deploy('live'));
        await divide(target);
        await expect(port.put(target, 1)).rejects.toMatchObject(INVALID);
      },
      differs: differs(
        'emulator',
        'it gives it to any alias',
        'https://github.com/hashicorp/terraform/issues/24957, with the words of Lambda (2026-11)',
      ),
    },
    {
      name: 'a hundred of the account’s thousand stay unreserved',
      async run({ port, deploy }) {
        const target = live(await deploy('live'));
        await expect(port.put(target, 901)).rejects.toMatchObject(INVALID);
        expect(await port.config(target)).toBeUndefined();
      },
    },
    {
      name: 'of a function that does not exist nothing is known, and nothing can be put',
      async run({ port }) {
        const target = live('nothing-of-this-name');
        for (const ask of [
          () => port.list(target.functionName),
          () => port.config(target),
          () => port.details(target),
          () => port.put(target, 1),
        ]) {
          await expect(ask()).rejects.toMatchObject(NOT_FOUND);
        }
      },
    },
    {
      name: 'an alias that does not exist has no details, and nothing can be put',
      async run({ port, deploy }) {
        const target = { functionName: await deploy('live'), qualifier: 'gone' };
        await expect(port.details(target)).rejects.toMatchObject(NOT_FOUND);
        await expect(port.put(target, 1)).rejects.toMatchObject(NOT_FOUND);
      },
    },
    {
      name: 'an alias that does not exist is told from one without a configuration',
      async run({ port, deploy }) {
        const target = { functionName: await deploy('live'), qualifier: 'gone' };
        await expect(port.config(target)).rejects.toMatchObject(NOT_FOUND);
      },
    },
    {
      name: 'what an alias points to, and a revision that changes with it',
      async run({ port, deploy, redeploy }) {
        const target = live(await deploy('live'));
        const before = await port.details(target);
        expect(before).toMatchObject({ functionVersion: '1', weighted: false });
        expect(before.memoryMb).toBeGreaterThanOrEqual(128);
        expect(await port.details(target)).toEqual(before);
        await redeploy(target);
        const after = await port.details(target);
        expect(after.functionVersion).toBe('2');
        expect(after.revisionId).not.toBe(before.revisionId);
      },
    },
    {
      name: 'an alias whose traffic is divided says so',
      async run({ port, deploy, divide }) {
        const target = live(await deploy('live'));
        await divide(target);
        expect(await port.details(target)).toMatchObject({ functionVersion: '1', weighted: true });
      },
    },
    {
      name: 'a refusal is a ServiceError everywhere',
      async run({ port, deploy, throttle }) {
        const target = live(await deploy('live'));
        await throttle();
        for (const ask of [
          () => port.list(target.functionName),
          () => port.config(target),
          () => port.details(target),
          () => port.put(target, 1),
          () => port.remove(target),
        ]) {
          await expect(ask()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
        }
      },
    },
  ],
  [
    {
      name: 'an allocation that failed says so, with Lambda’s reason',
      async run({ port, deploy, failAllocations }) {
        const target = live(await deploy('live'));
        failAllocations();
        await port.put(target, 2);
        expect(await port.config(target)).toMatchObject({ status: 'FAILED', statusReason: expect.any(String) });
      },
    },
  ],
);
