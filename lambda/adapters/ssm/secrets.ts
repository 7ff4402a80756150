import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Secret, SecretsPort } from '../../../core/channels';
import { timeout } from '../pace';
import { calling } from '../service-error';
import { type SaysOfSecret, unreadSecret } from '../unread-secret';

const REQUEST_MS = 5_000;
const SAYS: SaysOfSecret = { ParameterNotFound: 'missing', ParameterVersionNotFound: 'missing' };

/** Parameters, decrypted; one that is not encrypted is read the same way. */
export function ssmSecrets(client = new SSMClient({ maxAttempts: 2 })): SecretsPort {
  return {
    async read(name): Promise<Secret> {
      try {
        const command = new GetParameterCommand({ Name: name, WithDecryption: true });
        const { Parameter } = await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
        if (Parameter?.Value === undefined) return { kind: 'missing' };
        return { kind: 'value', value: Parameter.Value, version: String(Parameter.Version ?? 'unknown') };
      } catch (error) {
        return unreadSecret(error, SAYS);
      }
    },
  };
}
