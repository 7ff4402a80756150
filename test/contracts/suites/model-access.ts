import type { IdentityPort, AssumeRolePort, ModelCatalogPort } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface ModelAccessSubject {
  readonly identity: IdentityPort;
  readonly assumeRole: AssumeRolePort;
  readonly catalog: ModelCatalogPort;
  readonly account: string;
  /** A role that may call the model, and trusts whoever asks here. */
  readonly invoker: string;
  /** What it is called by. */
  readonly model: string;
  /** Its id in the catalogue; sold by Amazon, and so without an agreement of its own. */
  readonly modelId: string;
  /** A role trusts nobody here. */
  readonly distrust: () => Promise<void>;
  /** A policy that denies every call is attached to the role. */
  readonly deny: () => Promise<void>;
}

const DENIED = { name: 'ServiceError', refusal: 'accessDenied' };
const NOT_FOUND = { name: 'ServiceError', refusal: 'notFound' };

export const modelAccessContract = contract<ModelAccessSubject>('model-access', [
  {
    name: 'who asks is a session of its account',
    async run({ identity, account }) {
      const found = await identity.whoAmI(NEVER);
      expect(found.account).toBe(account);
      expect(found.arn).toMatch(new RegExp(`^arn:aws:sts::${account}:assumed-role/.+/.+`));
    },
  },
  {
    name: 'a role that trusts it calls the model, and is told what was used',
    async run({ assumeRole, invoker, model }) {
      const caller = await assumeRole.callerAs(invoker, NEVER);
      const { inputTokens, outputTokens } = await caller.callOnce(model, NEVER);
      expect(inputTokens).toBeGreaterThan(0);
      expect(outputTokens).toBeGreaterThan(0);
    },
  },
  {
    name: 'a role that trusts nobody is not assumed',
    async run({ assumeRole, invoker, distrust }) {
      await distrust();
      await expect(assumeRole.callerAs(invoker, NEVER)).rejects.toMatchObject(DENIED);
    },
  },
  {
    name: 'trap 42: a deny refuses the call, and not the assuming',
    async run({ assumeRole, invoker, model, deny }) {
      await deny();
      const caller = await assumeRole.callerAs(invoker, NEVER);
      await expect(caller.callOnce(model, NEVER)).rejects.toMatchObject(DENIED);
    },
  },
  {
    name: 'a deny reaches a session that is there already',
    async run({ assumeRole, invoker, model, deny }) {
      const caller = await assumeRole.callerAs(invoker, NEVER);
      await caller.callOnce(model, NEVER);
      await deny();
      await expect(caller.callOnce(model, NEVER)).rejects.toMatchObject(DENIED);
    },
  },
  {
    name: 'a profile that does not exist is not found',
    async run({ assumeRole, invoker, model }) {
      const caller = await assumeRole.callerAs(invoker, NEVER);
      const gone = `${model.slice(0, model.lastIndexOf('/'))}/nosuchprofile`;
      await expect(caller.callOnce(gone, NEVER)).rejects.toMatchObject(NOT_FOUND);
    },
  },
  {
    name: 'the catalogue knows a model’s life and what it takes to call it',
    async run({ catalog, modelId }) {
      expect(await catalog.lifecycle(modelId, NEVER)).toEqual({ status: 'active' });
      expect(await catalog.availability(modelId, NEVER)).toEqual({
        ...{ agreement: 'AVAILABLE', authorized: true, entitled: true, inRegion: true },
      });
    },
  },
  {
    name: 'a model that it does not know is not found',
    async run({ catalog }) {
      await expect(catalog.lifecycle('nobody.no-model-v1:0', NEVER)).rejects.toMatchObject(NOT_FOUND);
      await expect(catalog.availability('nobody.no-model-v1:0', NEVER)).rejects.toMatchObject(NOT_FOUND);
    },
  },
]);
