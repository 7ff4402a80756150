import { BedrockClient, GetModelInvocationLoggingConfigurationCommand } from '@aws-sdk/client-bedrock';
import type { InvocationLoggingPort } from '../../../core/spenders';
import { calling } from '../service-error';

/** Bedrock's own setting, in the client's Region. It is read alone: whoever sets it replaces what somebody else has set. */
export function invocationLogging(client = new BedrockClient({})): InvocationLoggingPort {
  return {
    async configuration(signal) {
      const { loggingConfig } = await calling(() =>
        client.send(new GetModelInvocationLoggingConfigurationCommand({}), { abortSignal: signal }),
      );
      if (!loggingConfig) return undefined;
      const { cloudWatchConfig, textDataDeliveryEnabled } = loggingConfig;
      return {
        ...(cloudWatchConfig?.logGroupName !== undefined && { logGroup: cloudWatchConfig.logGroupName }),
        ...(textDataDeliveryEnabled !== undefined && { isTextDelivered: textDataDeliveryEnabled }),
      };
    },
  };
}
