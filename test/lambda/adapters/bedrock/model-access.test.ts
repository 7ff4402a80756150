import {
  BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
} from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import { bedrock } from '../../../../lambda/adapters/bedrock/model-access';

const signal = new AbortController().signal;

describe('Bedrock', () => {
  const client = mockClient(BedrockClient);
  beforeEach(() => client.reset());

  it('reads the lifecycle, with an end of life or without', async () => {
    client.on(GetFoundationModelCommand, { modelIdentifier: 'm' }).resolves({
      modelDetails: {
        ...{ modelArn: 'arn', modelId: 'm' },
        modelLifecycle: {
          ...{ status: 'LEGACY', legacyTime: new Date(5), publicExtendedAccessTime: new Date(6) },
          endOfLifeTime: new Date(7),
        },
      },
    });
    const dates = { legacyMs: 5, extendedAccessMs: 6, endOfLifeMs: 7 };
    expect(await bedrock().lifecycle('m', signal)).toEqual({ status: 'legacy', ...dates });
    client
      .on(GetFoundationModelCommand)
      .resolves({ modelDetails: { modelArn: 'arn', modelId: 'm', modelLifecycle: { status: 'ACTIVE' } } });
    expect(await bedrock().lifecycle('m', signal)).toEqual({ status: 'active' });
  });

  it('refuses a lifecycle status that it does not know: unknown is not active', async () => {
    for (const modelDetails of [undefined, { modelLifecycle: { status: 'RETIRED' } }]) {
      client.on(GetFoundationModelCommand).resolves({ modelDetails } as never);
      await expect(bedrock().lifecycle('m', signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    }
  });

  it('reads the availability', async () => {
    client.on(GetFoundationModelAvailabilityCommand).resolves({
      modelId: 'm',
      agreementAvailability: { status: 'NOT_AVAILABLE' },
      authorizationStatus: 'AUTHORIZED',
      entitlementAvailability: 'NOT_AVAILABLE',
      regionAvailability: 'AVAILABLE',
    });
    expect(await bedrock().availability('m', signal)).toEqual({
      agreement: 'NOT_AVAILABLE',
      authorized: true,
      entitled: false,
      inRegion: true,
    });
  });
});
