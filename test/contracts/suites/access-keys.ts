import type { AccessKeysPort } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract, differs } from './contract';

export interface AccessKeysSubject {
  readonly port: AccessKeysPort;
  /** A user with these keys, by whether each is active; none was ever used. @returns the user's name and the keys' ids */
  readonly user: (...active: readonly boolean[]) => Promise<{ readonly name: string; readonly ids: readonly string[] }>;
  readonly throttle: () => Promise<void>;
}

export const accessKeysContract = contract<AccessKeysSubject>('access-keys', [
  {
    name: 'a user’s keys, and which of them are active',
    async run({ port, user }) {
      const { name, ids } = await user(true, false);
      const found = await port.keysOf(name, NEVER);
      expect(new Map(found.map(({ id, active }) => [id, active]))).toEqual(
        new Map([
          [ids[0], true],
          [ids[1], false],
        ]),
      );
      for (const { createdAtMs } of found) expect(createdAtMs).toBeGreaterThan(Date.parse('2020-01-01'));
    },
  },
  {
    name: 'a user without keys has none',
    async run({ port, user }) {
      expect(await port.keysOf((await user()).name, NEVER)).toEqual([]);
    },
  },
  {
    name: 'a user who does not exist is not found, which is not the same as one without keys',
    async run({ port }) {
      const asked = port.keysOf('nobody-of-this-name', NEVER);
      await expect(asked).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
    },
    differs: differs(
      'emulator',
      'it knows of no keys of theirs',
      'https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html (2026-11)',
    ),
  },
  {
    name: 'a key that was never used has neither a date nor a service',
    async run({ port, user }) {
      const { ids } = await user(true);
      expect(await port.lastUse(ids[0]!, NEVER)).toEqual({});
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, user, throttle }) {
      const { name, ids } = await user(true);
      await throttle();
      await expect(port.keysOf(name, NEVER)).rejects.toMatchObject({ refusal: 'throttled' });
      await expect(port.lastUse(ids[0]!, NEVER)).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
