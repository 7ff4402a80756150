import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Secret, SecretsPort } from '../../../core/channels';
import { timeout } from '../pace';
import { calling } from '../service-error';
import { unreadSecret } from '../unread-secret';

const REQUEST_MS = 5_000;
/** The second one is said of a secret that is to be deleted. */
const MISSING = ['ResourceNotFoundException', 'InvalidRequestException'];

/** The current version of a secret that is text. */
export function secretsManagerSecrets(client = new SecretsManagerClient({ maxAttempts: 2 })): SecretsPort {
  return {
    async read(name): Promise<Secret> {
      try {
        const command = new GetSecretValueCommand({ SecretId: name });
        const { SecretString, VersionId } = await calling(() =>
          client.send(command, { abortSignal: timeout(REQUEST_MS) }),
        );
        if (SecretString === undefined) return { kind: 'missing' };
        return { kind: 'value', value: SecretString, version: VersionId ?? 'unknown' };
      } catch (error) {
        return unreadSecret(error, MISSING);
      }
    },
  };
}
