import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { GuardError, ServiceError } from '../../../core/errors';
import type { SesSetupPort } from '../../../core/report';
import { calling } from '../service-error';

/** Amazon SES, in the client's own Region. */
export function sesSetup(client = new SESv2Client({})): SesSetupPort {
  return {
    async account(signal) {
      const answer = await calling(() => client.send(new GetAccountCommand({}), { abortSignal: signal }));
      const { ProductionAccessEnabled, SendingEnabled, EnforcementStatus } = answer;
      if (ProductionAccessEnabled === undefined || SendingEnabled === undefined || EnforcementStatus === undefined) {
        throw new GuardError('ANSWER_INVALID', 'GetAccount of SES does not say whether the account may send');
      }
      return {
        isInSandbox: !ProductionAccessEnabled,
        isSendingEnabled: SendingEnabled,
        enforcement: EnforcementStatus,
      };
    },

    async identity(name, signal) {
      try {
        const command = new GetEmailIdentityCommand({ EmailIdentity: name });
        const { VerifiedForSendingStatus, VerificationStatus } = await calling(() =>
          client.send(command, { abortSignal: signal }),
        );
        if (VerifiedForSendingStatus === true) return { kind: 'verified' };
        return { kind: 'notVerified', status: VerificationStatus ?? 'which SES does not name' };
      } catch (error) {
        if (error instanceof ServiceError && error.errorName === 'NotFoundException') return { kind: 'missing' };
        throw error;
      }
    },
  };
}
