import {
  BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
} from '@aws-sdk/client-bedrock';
import { GuardError } from '../../../core/errors';
import type { ModelAvailability, ModelCatalogPort } from '../../../core/health';
import { calling } from '../service-error';

const AGREEMENTS: readonly ModelAvailability['agreement'][] = ['AVAILABLE', 'PENDING', 'NOT_AVAILABLE', 'ERROR'];

export function bedrock(client = new BedrockClient({})): ModelCatalogPort {
  return {
    async lifecycle(modelId, signal) {
      const { modelDetails } = await calling(() =>
        client.send(new GetFoundationModelCommand({ modelIdentifier: modelId }), { abortSignal: signal }),
      );
      const life = modelDetails?.modelLifecycle;
      const { status, legacyTime, publicExtendedAccessTime, endOfLifeTime } = life ?? {};
      if (status !== 'ACTIVE' && status !== 'LEGACY') {
        throw new GuardError(
          'ANSWER_INVALID',
          `GetFoundationModel gave the lifecycle status '${String(status)}' for ${modelId}`,
        );
      }
      return {
        status: status === 'ACTIVE' ? 'active' : 'legacy',
        ...(legacyTime ? { legacyMs: legacyTime.getTime() } : {}),
        ...(publicExtendedAccessTime ? { extendedAccessMs: publicExtendedAccessTime.getTime() } : {}),
        ...(endOfLifeTime ? { endOfLifeMs: endOfLifeTime.getTime() } : {}),
      };
    },

    async availability(modelId, signal) {
      const answer = await calling(() =>
        client.send(new GetFoundationModelAvailabilityCommand({ modelId }), { abortSignal: signal }),
      );
      const agreement = AGREEMENTS.find((status) => status === answer.agreementAvailability?.status);
      if (!agreement) {
        throw new GuardError(
          'ANSWER_INVALID',
          `GetFoundationModelAvailability gave no agreement status for ${modelId}`,
        );
      }
      return {
        agreement,
        authorized: answer.authorizationStatus === 'AUTHORIZED',
        entitled: answer.entitlementAvailability === 'AVAILABLE',
        inRegion: answer.regionAvailability === 'AVAILABLE',
      };
    },
  };
}
