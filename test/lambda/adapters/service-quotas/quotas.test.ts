import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { serviceQuotas } from '../../../../lambda/adapters/service-quotas/quotas';

const signal = new AbortController().signal;

describe('Service Quotas', () => {
  const quotas = mockClient(ServiceQuotasClient);

  it('lists Bedrock’s applied quotas by name, over all pages', async () => {
    quotas
      .on(ListServiceQuotasCommand, { ServiceCode: 'bedrock', NextToken: undefined })
      .resolves({ Quotas: [{ QuotaName: 'a', Value: 1 }], NextToken: 'n' })
      .on(ListServiceQuotasCommand, { ServiceCode: 'bedrock', NextToken: 'n' })
      .resolves({ Quotas: [{ QuotaName: 'b', Value: 2 }, { QuotaName: 'no value' }] });
    expect(await serviceQuotas().applied(signal)).toEqual([
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
    ]);
  });
});
