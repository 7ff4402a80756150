import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { GuardError } from '../../../core/errors';
import type { IdentityPort, AssumeRolePort, ModelCaller } from '../../../core/health';
import { calling } from '../service-error';

/** Temporary, and only ever in memory. */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const SESSION_NAME = 'spend-guard-health-check';
/** The least that STS takes. */
const SESSION_SECONDS = 900;

/** @param callerWith makes the caller that signs with the role's credentials; they go nowhere else */
export function sts(
  callerWith: (credentials: TemporaryCredentials) => ModelCaller,
  client = new STSClient({}),
): IdentityPort & AssumeRolePort {
  return {
    async whoAmI(signal) {
      const { Account, Arn } = await calling(() =>
        client.send(new GetCallerIdentityCommand({}), { abortSignal: signal }),
      );
      if (!Account || !Arn) throw new GuardError('ANSWER_INVALID', 'GetCallerIdentity answered without account or ARN');
      return { account: Account, arn: Arn };
    },

    async callerAs(roleArn, signal) {
      const { Credentials } = await calling(() =>
        client.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: SESSION_NAME,
            DurationSeconds: SESSION_SECONDS,
          }),
          { abortSignal: signal },
        ),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
      if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
        throw new GuardError('ANSWER_INVALID', `AssumeRole of ${roleArn} answered without credentials`);
      }
      return callerWith({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
    },
  };
}
