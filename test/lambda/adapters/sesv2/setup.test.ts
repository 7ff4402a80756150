import type { SESv2Client } from '@aws-sdk/client-sesv2';
import { sesSetup } from '../../../../lambda/adapters/sesv2/setup';
import { NEVER } from '../../../../simulator/fakes/never';

const answering = (answer: object) => sesSetup({ send: async () => answer } as unknown as SESv2Client);

const ACCOUNT = { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'HEALTHY' };

test.each<[string, object, object]>([
  ['beyond the sandbox', {}, { isInSandbox: false }],
  ['in it', { ProductionAccessEnabled: false }, { isInSandbox: true }],
  ['paused', { SendingEnabled: false }, { isSendingEnabled: false }],
  ['shut down', { EnforcementStatus: 'SHUTDOWN' }, { enforcement: 'SHUTDOWN' }],
])('an account %s', async (_what, over, expected) => {
  const account = { isInSandbox: false, isSendingEnabled: true, enforcement: 'HEALTHY' };
  expect(await answering({ ...ACCOUNT, ...over }).account(NEVER)).toEqual({ ...account, ...expected });
});

test.each(Object.keys(ACCOUNT))('an answer without %s is none', async (field) => {
  await expect(answering({ ...ACCOUNT, [field]: undefined }).account(NEVER)).rejects.toMatchObject({
    code: 'ANSWER_INVALID',
  });
});

test.each<[string, object, object]>([
  ['verified', { VerifiedForSendingStatus: true, VerificationStatus: 'SUCCESS' }, { kind: 'verified' }],
  [
    'pending',
    { VerifiedForSendingStatus: false, VerificationStatus: 'PENDING' },
    { kind: 'notVerified', status: 'PENDING' },
  ],
  ['of no status', {}, { kind: 'notVerified', status: 'which SES does not name' }],
])('an identity %s', async (_what, answer, expected) => {
  expect(await answering(answer).identity('example.com', NEVER)).toEqual(expected);
});
