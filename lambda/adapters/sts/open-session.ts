import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ServiceError } from '../../../core/errors';
import type { OpenSessionPort, SessionCaller } from '../../../core/verify';
import { calling } from '../service-error';
import type { TemporaryCredentials } from './identity';

/** Of one role that assumes another AWS allows no more. */
const SESSION_SECONDS = 3_600;

/** @param callerWith makes the caller that signs with the role's credentials; they go nowhere else */
export function openSessions(
  callerWith: (credentials: TemporaryCredentials) => SessionCaller,
  client = new STSClient({}),
): OpenSessionPort {
  return {
    async open(RoleArn, RoleSessionName, signal) {
      const command = new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: SESSION_SECONDS });
      const { Credentials } = await calling(() => client.send(command, { abortSignal: signal }));
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
        throw new ServiceError('other', 'CredentialsMissing', `AssumeRole of ${RoleArn} answered without credentials`);
      }
      return callerWith({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
    },
  };
}
