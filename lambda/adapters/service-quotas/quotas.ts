import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { QuotasPort } from '../../../core/health';
import { allPages } from '../pages';
import { calling } from '../service-error';

export function serviceQuotas(client = new ServiceQuotasClient({})): QuotasPort {
  return {
    async applied(signal) {
      const quotas = await allPages(async (token) => {
        const page = await calling(() =>
          client.send(new ListServiceQuotasCommand({ ServiceCode: 'bedrock', NextToken: token, MaxResults: 100 }), {
            abortSignal: signal,
          }),
        );
        return { items: page.Quotas ?? [], next: page.NextToken };
      });
      return quotas.flatMap(({ QuotaName, Value }) =>
        QuotaName && Value !== undefined ? [{ name: QuotaName, value: Value }] : [],
      );
    },
  };
}
