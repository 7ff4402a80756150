import type { SecretsPort } from '../../../core/channels/ports';
import { contract } from './contract';

export interface SecretsSubject {
  readonly port: SecretsPort;
  readonly put: (name: string, value: string) => Promise<void>;
  readonly deny: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

/** Of a service whose secrets are there without a text, or on their way out. */
export interface StoredSecretsSubject extends SecretsSubject {
  readonly putBytes: (name: string) => Promise<void>;
  readonly scheduleDeletion: (name: string) => Promise<void>;
}

/** Allowed as a name by both services. */
const NAME = '/spend-guard/slack';

export const secretsContract = contract<SecretsSubject>('secrets', [
  {
    name: 'one that nobody wrote is missing',
    async run({ port }) {
      expect(await port.read(NAME)).toEqual({ kind: 'missing' });
    },
  },
  {
    name: 'what was written is read as it is, and another version of it at once',
    async run({ port, put }) {
      await put(NAME, 'xoxb-1 \n');
      const first = await port.read(NAME);
      expect(first).toMatchObject({ kind: 'value', value: 'xoxb-1 \n' });
      expect(await port.read(NAME)).toEqual(first);
      await put(NAME, 'xoxb-2');
      const second = await port.read(NAME);
      expect(second).toMatchObject({ kind: 'value', value: 'xoxb-2' });
      expect(second).not.toMatchObject({ version: (first as { version: string }).version });
      expect((first as { version: string }).version).not.toContain('xoxb');
    },
  },
  {
    name: 'one that may not be read is denied, which is not missing',
    async run({ port, put, deny }) {
      await put(NAME, 'xoxb-1');
      await deny();
      expect(await port.read(NAME)).toMatchObject({ kind: 'denied' });
    },
  },
  {
    name: 'a service that is busy says nothing about the secret',
    async run({ port, put, throttle }) {
      await put(NAME, 'xoxb-1');
      await throttle();
      expect(await port.read(NAME)).toMatchObject({ kind: 'unavailable' });
    },
  },
]);

export const storedSecretsContract = contract<StoredSecretsSubject>('stored secrets', [
  {
    name: 'one that holds bytes has no text, which is not missing',
    async run({ port, putBytes }) {
      await putBytes(NAME);
      expect(await port.read(NAME)).toEqual({ kind: 'noText' });
    },
  },
  {
    name: 'one that is scheduled for deletion is there, and can be restored',
    async run({ port, put, scheduleDeletion }) {
      await put(NAME, 'xoxb-1');
      await scheduleDeletion(NAME);
      expect(await port.read(NAME)).toEqual({ kind: 'inDeletion' });
    },
  },
]);
