import type { AccountConcurrencyPort } from '../../../core/concurrency/ports';
import { contract, differs } from './contract';

export interface AccountConcurrencySubject {
  readonly port: AccountConcurrencyPort;
  /** A function that has reserved nothing; its name. */
  readonly functionName: string;
  readonly throttle: () => Promise<void>;
}

const NOT_FOUND = { name: 'ServiceError', refusal: 'notFound' };

export const accountConcurrencyContract = contract<AccountConcurrencySubject>('account-concurrency', [
  {
    name: 'what a function reserves is its own, and nobody else’s any more',
    async run({ port, functionName }) {
      const before = await port.unreserved();
      expect(await port.reserved(functionName)).toBeUndefined();
      for (const concurrency of [5, 2]) {
        await port.reserve(functionName, concurrency);
        expect(await port.reserved(functionName)).toBe(concurrency);
        expect(await port.unreserved()).toBe(before - concurrency);
      }
    },
  },
  {
    name: 'for a function that does not exist nothing can be reserved',
    async run({ port }) {
      await expect(port.reserve('nothing-of-this-name', 1)).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    name: 'a function that does not exist is told from one that has reserved nothing',
    async run({ port }) {
      await expect(port.reserved('nothing-of-this-name')).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    name: 'trap 28: what leaves less than a hundred unreserved is refused',
    async run({ port, functionName }) {
      const before = await port.unreserved();
      try {
        await expect(port.reserve(functionName, before - 99)).rejects.toMatchObject({ refusal: 'invalid' });
        expect(await port.unreserved()).toBe(before);
      } finally {
        await port.reserve(functionName, 0);
      }
    },
    differs: differs(
      'emulator',
      'it gives away whatever it is asked for',
      'https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html (2026-11)',
    ),
  },
  {
    name: 'a refusal is a ServiceError everywhere',
    async run({ port, functionName, throttle }) {
      await throttle();
      for (const ask of [
        () => port.unreserved(),
        () => port.reserved(functionName),
        () => port.reserve(functionName, 1),
      ]) {
        await expect(ask()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      }
    },
  },
]);
