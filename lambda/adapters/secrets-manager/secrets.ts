import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Secret, SecretsPort } from '../../../core/channels';
import { ServiceError } from '../../../core/errors';
import { timeout } from '../pace';
import { calling } from '../service-error';
import { type SaysOfSecret, unreadSecret } from '../unread-secret';

const REQUEST_MS = 5_000;
const SAYS: SaysOfSecret = { ResourceNotFoundException: 'missing', InvalidRequestException: 'inDeletion' };
/** So it calls a secret that nobody gave a value, by the name of the error for one that is missing. */
const NO_VALUE = /secret value for staging label/i;

/** The current version of a secret that is text. */
export function secretsManagerSecrets(client = new SecretsManagerClient({ maxAttempts: 2 })): SecretsPort {
  return {
    async read(name): Promise<Secret> {
      try {
        const command = new GetSecretValueCommand({ SecretId: name });
        const { SecretString, VersionId } = await calling(() =>
          client.send(command, { abortSignal: timeout(REQUEST_MS) }),
        );
        if (SecretString === undefined) return { kind: 'noText' };
        return { kind: 'value', value: SecretString, version: VersionId ?? 'unknown' };
      } catch (error) {
        const unread = unreadSecret(error, SAYS);
        const hasNoValue = unread.kind === 'missing' && error instanceof ServiceError && NO_VALUE.test(error.text);
        return hasNoValue ? { kind: 'noText' } : unread;
      }
    },
  };
}
