import type { BrakePolicyPort } from '../../../core/organization/ports';
import { contract } from './contract';

export interface BrakePolicySubject {
  readonly port: BrakePolicyPort;
  /** Members of the organisation. */
  readonly accounts: readonly [string, string];
  /** By somebody else, on something that is no account. @returns its id */
  readonly attachElsewhere: () => Promise<string>;
  /** The first account gets as many other policies as it can have. */
  readonly fill: () => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const NOBODY = '999999999999';

export const brakePolicyContract = contract<BrakePolicySubject>('brake-policy', [
  {
    name: 'is attached to nothing before anybody attaches it',
    async run({ port }) {
      expect(await port.targets()).toEqual([]);
    },
  },
  {
    name: 'attached and detached, account by account',
    async run({ port, accounts: [one, other] }) {
      expect(await port.attach(one)).toEqual({ kind: 'done' });
      expect(await port.attach(other)).toEqual({ kind: 'done' });
      expect(new Set(await port.targets())).toEqual(new Set([one, other]));
      expect(await port.detach(one)).toEqual({ kind: 'done' });
      expect(await port.targets()).toEqual([other]);
    },
  },
  {
    name: 'again is no failure, either way',
    async run({ port, accounts: [one] }) {
      expect(await port.detach(one)).toEqual({ kind: 'unchanged' });
      await port.attach(one);
      expect(await port.attach(one)).toEqual({ kind: 'unchanged' });
      expect(await port.targets()).toEqual([one]);
      await port.detach(one);
      expect(await port.detach(one)).toEqual({ kind: 'unchanged' });
    },
  },
  {
    name: 'targets are also what is no account',
    async run({ port, accounts: [one], attachElsewhere }) {
      const elsewhere = await attachElsewhere();
      await port.attach(one);
      expect(new Set(await port.targets())).toEqual(new Set([elsewhere, one]));
    },
  },
  {
    name: 'an account that is not of the organisation fails by name, and has nothing to detach',
    async run({ port }) {
      expect(await port.attach(NOBODY)).toEqual({ kind: 'failed', why: 'TargetNotFoundException' });
      expect(await port.detach(NOBODY)).toEqual({ kind: 'unchanged' });
      expect(await port.targets()).toEqual([]);
    },
  },
  {
    name: 'an account that has as many policies as it can have fails by the name of the limit',
    async run({ port, accounts: [one], fill }) {
      await fill();
      expect(await port.attach(one)).toEqual({ kind: 'failed', why: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' });
    },
  },
  {
    name: 'a refusal is a failure of a change, and no list is no answer',
    async run({ port, accounts: [one], throttle }) {
      await throttle();
      expect(await port.attach(one)).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^Thrott|^TooMany/) });
      expect(await port.detach(one)).toMatchObject({ kind: 'failed' });
      await expect(port.targets()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
