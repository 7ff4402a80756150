import type { TemporaryRolesPort } from '../../../core/verify/ports';
import type { PolicyDocument } from '../../../core/enforcement/switch-document';
import { contract } from './contract';

export interface TemporaryRolesSubject {
  readonly port: TemporaryRolesPort;
  readonly account: string;
  /** A name that nothing has yet. */
  readonly unique: (what: string) => string;
  /** Another version beside the one that a policy was made with. */
  readonly addVersion: (policyArn: string) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const RUN = '20261129T134500-ab12';
const DOCUMENT: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'One', Effect: 'Deny', Action: 's3:ListBucket', Resource: '*' }],
};

async function madeOn({ port, account, unique }: TemporaryRolesSubject) {
  const role = { name: unique('spend-guard-verify-role'), trusts: `arn:aws:iam::${account}:root`, runId: RUN };
  const policy = { name: unique('spend-guard-verify-policy'), document: DOCUMENT, runId: RUN };
  const roleArn = await port.createRole(role);
  await port.allow(role.name, DOCUMENT);
  const policyArn = await port.createPolicy(policy);
  await port.attach(policyArn, role.name);
  return { role, policy, roleArn, policyArn };
}

const named = (all: readonly { readonly name: string }[], name: string) => all.filter((one) => one.name === name);

export const temporaryRolesContract = contract<TemporaryRolesSubject>('temporary-roles', [
  {
    name: 'role and policy are under the path, with their tag',
    async run(subject) {
      const { port, account } = subject;
      const { role, policy, roleArn, policyArn } = await madeOn(subject);
      expect(roleArn).toBe(`arn:aws:iam::${account}:role/spend-guard-verify/${role.name}`);
      expect(policyArn).toBe(`arn:aws:iam::${account}:policy/spend-guard-verify/${policy.name}`);
      expect(named(await port.roles(), role.name)).toEqual([{ name: role.name, arn: roleArn, runId: RUN }]);
      expect(named(await port.policies(), policy.name)).toEqual([{ name: policy.name, arn: policyArn, runId: RUN }]);
    },
  },
  {
    name: 'a role goes with all that it has, and a policy with all of its versions',
    async run(subject) {
      const { port, addVersion } = subject;
      const { role, policy, policyArn } = await madeOn(subject);
      await addVersion(policyArn);
      await port.removeRole(role.name);
      await port.removePolicy(policyArn);
      expect(named(await port.roles(), role.name)).toEqual([]);
      expect(named(await port.policies(), policy.name)).toEqual([]);
    },
  },
  {
    name: 'a policy that a role has stays, and says so',
    async run(subject) {
      const { port } = subject;
      const { policy, policyArn } = await madeOn(subject);
      await expect(port.removePolicy(policyArn)).rejects.toMatchObject({
        name: 'ServiceError',
        errorName: 'DeleteConflictException',
      });
      expect(named(await port.policies(), policy.name)).toHaveLength(1);
    },
  },
  {
    name: 'to remove what is gone is no error',
    async run({ port, account, unique }) {
      await expect(port.removeRole(unique('spend-guard-verify-none'))).resolves.toBeUndefined();
      await expect(
        port.removePolicy(`arn:aws:iam::${account}:policy/spend-guard-verify/${unique('none')}`),
      ).resolves.toBeUndefined();
    },
  },
  {
    name: 'what is not there gets no policy',
    async run({ port, unique }) {
      const notFound = { name: 'ServiceError', refusal: 'notFound' };
      await expect(port.allow(unique('none'), DOCUMENT)).rejects.toMatchObject(notFound);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, account, unique, throttle }) {
      await throttle();
      const refused = { name: 'ServiceError', refusal: 'throttled' };
      const name = unique('spend-guard-verify-role');
      await expect(port.createRole({ name, trusts: `arn:aws:iam::${account}:root`, runId: RUN })).rejects.toMatchObject(
        refused,
      );
      await expect(port.createPolicy({ name, document: DOCUMENT, runId: RUN })).rejects.toMatchObject(refused);
      await expect(port.roles()).rejects.toMatchObject(refused);
      await expect(port.policies()).rejects.toMatchObject(refused);
    },
  },
]);
