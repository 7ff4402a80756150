import type { PermissionSetRolesPort } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface PermissionSetRolesSubject {
  readonly port: PermissionSetRolesPort;
  /** A policy, and roles that IAM Identity Center makes for permission sets: with the policy, and without. */
  readonly provisioned: (
    withPolicy: readonly string[],
    without: readonly string[],
  ) => Promise<{ readonly policyArn: string; readonly rolesOf: (permissionSet: string) => readonly string[] }>;
  /** A role of somebody else, who has the policy. */
  readonly other: (policyArn: string) => Promise<string>;
  readonly throttle: () => Promise<void>;
}

export const permissionSetRolesContract = contract<PermissionSetRolesSubject>('permission-set-roles', [
  {
    name: 'those that IAM Identity Center has made, and those of them that have a policy',
    async run({ port, provisioned, other }) {
      const { policyArn, rolesOf } = await provisioned(['Dev'], ['Dev_Ops', 'Admin']);
      const stranger = await other(policyArn);
      const roles = await port.roles(NEVER);
      expect(roles).toEqual(expect.arrayContaining(['Dev', 'Dev_Ops', 'Admin'].flatMap((set) => rolesOf(set))));
      expect(roles).not.toContain(stranger);
      expect(await port.rolesWith(policyArn, NEVER)).toEqual(rolesOf('Dev'));
    },
  },
  {
    name: 'more than fit on one page',
    async run({ port, provisioned }) {
      const sets = Array.from({ length: 101 }, (_, at) => `Set${at}`);
      const { policyArn, rolesOf } = await provisioned(sets, []);
      const all = sets.flatMap((set) => rolesOf(set)).sort();
      expect((await port.rolesWith(policyArn, NEVER)).toSorted()).toEqual(all);
      // Others may have some in the same account.
      expect(await port.roles(NEVER)).toEqual(expect.arrayContaining(all));
    },
  },
  {
    name: 'a policy that does not exist is on none',
    async run({ port }) {
      expect(await port.rolesWith('arn:aws:iam::111122223333:policy/spend-guard/nobody-has-it', NEVER)).toEqual([]);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.roles(NEVER)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      await expect(port.rolesWith('arn:aws:iam::111122223333:policy/p', NEVER)).rejects.toMatchObject({
        refusal: 'throttled',
      });
    },
  },
]);
