import type { AppliedQuota, QuotasPort } from '../../../core/health/ports';
import { NEVER } from '../../../simulator/fakes/never';
import { contract } from './contract';

export interface QuotasSubject {
  readonly port: QuotasPort;
  /** Those of Bedrock in this Region. */
  readonly set: (quotas: readonly AppliedQuota[]) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const quotasContract = contract<QuotasSubject>('quotas', [
  {
    name: 'every quota by its name, over all pages',
    async run({ port, set }) {
      // A page holds 100: https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html (2026-11).
      const all = Array.from({ length: 101 }, (_, at) => ({ name: `Tokens per minute of model ${at}`, value: at }));
      await set(all);
      expect(await port.applied(NEVER)).toEqual(all);
    },
  },
  {
    name: 'none is none',
    async run({ port, set }) {
      await set([]);
      expect(await port.applied(NEVER)).toEqual([]);
    },
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, throttle }) {
      await throttle();
      await expect(port.applied(NEVER)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
    },
  },
]);
