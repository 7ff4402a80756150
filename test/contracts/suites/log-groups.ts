import type { LogGroupsPort } from '../../../core/spenders/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface LogGroupsSubject {
  readonly port: LogGroupsPort;
  /** A name that nothing else begins with. */
  readonly name: string;
  readonly make: (name: string, logClass?: 'INFREQUENT_ACCESS', retentionDays?: number) => Promise<void>;
  readonly refuse: (how: 'accessDenied' | 'throttled') => Promise<void>;
}

export const logGroupsContract = contract<LogGroupsSubject>('log-groups', [
  {
    name: 'one that nobody made is none, whatever begins with its name',
    async run({ port, name, make }) {
      expect(await port.group(name, NEVER)).toBeUndefined();
      await make(`${name}-old`);
      expect(await port.group(name, NEVER)).toBeUndefined();
    },
  },
  {
    name: 'of the class STANDARD unless it was made otherwise, and without a retention where records are kept for good',
    async run({ port, name, make }) {
      for (const behind of ['-old', '.b', '']) await make(`${name}${behind}`);
      expect(await port.group(name, NEVER)).toEqual({ logClass: 'STANDARD' });
    },
  },
  {
    name: 'another class, and days of retention',
    async run({ port, name, make }) {
      await make(name, 'INFREQUENT_ACCESS', 3);
      expect(await port.group(name, NEVER)).toEqual({ logClass: 'INFREQUENT_ACCESS', retentionDays: 3 });
    },
  },
  ...(['accessDenied', 'throttled'] as const).map((how) => ({
    name: `${how} is a refusal, and no missing log group`,
    async run({ port, name, make, refuse }: LogGroupsSubject) {
      await make(name);
      await refuse(how);
      await expect(port.group(name, NEVER)).rejects.toMatchObject({ name: 'ServiceError', refusal: how });
    },
  })),
]);
