import type { PolicyRoomPort, PrincipalKind } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract, type Case } from './contract';

export interface PolicyRoomSubject {
  readonly port: PolicyRoomPort;
  /** Somebody with so many policies. */
  readonly withPolicies: (
    kind: PrincipalKind,
    count: number,
  ) => Promise<{ readonly name: string; readonly arns: readonly string[] }>;
  readonly throttle: () => Promise<void>;
}

const KINDS = ['role', 'user', 'group'] as const;

export const policyRoomContract = contract<PolicyRoomSubject>('policy-room', [
  ...KINDS.map((kind): Case<PolicyRoomSubject> => ({
    name: `what is attached to a ${kind}, also nothing and as much as fits`,
    async run({ port, withPolicies }) {
      for (const count of [0, 1, 10]) {
        const { name, arns } = await withPolicies(kind, count);
        expect(new Set(await port.attached(kind, name, NEVER))).toEqual(new Set(arns));
      }
    },
  })),
  {
    name: 'who does not exist is not found, which is not the same as somebody without policies',
    async run({ port }) {
      for (const kind of KINDS) {
        const asked = port.attached(kind, 'nobody-of-this-name', NEVER);
        await expect(asked).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      }
    },
  },
  {
    name: 'trap 35: ten fit on each, unless the account’s quotas were raised',
    async run({ port }) {
      expect(await port.quotas(NEVER)).toEqual({ role: 10, user: 10, group: 10 });
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, withPolicies, throttle }) {
      const { name } = await withPolicies('role', 0);
      await throttle();
      await expect(port.attached('role', name, NEVER)).rejects.toMatchObject({ refusal: 'throttled' });
      await expect(port.quotas(NEVER)).rejects.toMatchObject({ refusal: 'throttled' });
    },
  },
]);
