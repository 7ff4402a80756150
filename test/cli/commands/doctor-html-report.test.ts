import { EXIT_CODES } from '../../../cli/exit-codes';
import type { CliWorld } from '../world';
import { account, DENIED, examined, FINANCE, OWNER } from './doctor-account';

describe('the report as HTML', () => {
  const ofAccount = (over: object) => (world: CliWorld) =>
    void (world.sesSetup.of = { isInSandbox: false, isSendingEnabled: true, enforcement: 'HEALTHY', ...over });

  test.each<[string, (world: CliWorld) => void, string, string, string, RegExp, RegExp]>([
    [
      'sending is paused',
      ofAccount({ isSendingEnabled: false }),
      ...(['ses-account', 'us-east-1', 'failed'] as const),
      /sending is paused, so the daily report goes as text/,
      /SES console of us-east-1/,
    ],
    [
      'AWS has ended sending',
      ofAccount({ enforcement: 'SHUTDOWN' }),
      ...(['ses-account', 'us-east-1', 'failed'] as const),
      /ended by AWS/,
      /SES console/,
    ],
    [
      'under review',
      ofAccount({ enforcement: 'PROBATION' }),
      ...(['ses-account', 'us-east-1', 'warning'] as const),
      /PROBATION/,
      /SES console/,
    ],
    [
      'in the sandbox',
      ofAccount({ isInSandbox: true }),
      ...(['ses-account', 'us-east-1', 'warning'] as const),
      /in the sandbox/,
      /production access/,
    ],
    [
      'an identity that is missing',
      (world) => world.sesSetup.identities.clear(),
      ...(['ses-identity', 'example.com', 'failed'] as const),
      /no such identity in us-east-1, so the daily report goes as text/,
      /create-email-identity --region us-east-1 --email-identity example\.com; then put its DKIM records/,
    ],
    [
      'an identity that is not verified yet',
      (world) => void world.sesSetup.identities.set('example.com', { kind: 'notVerified', status: 'PENDING' }),
      ...(['ses-identity', 'example.com', 'failed'] as const),
      /not verified in us-east-1 \(PENDING\)/,
      /^put its DKIM records/,
    ],
    [
      'an identity that is nearer to the address',
      (world) => void world.sesSetup.identities.set('mail.example.com', { kind: 'verified' }),
      ...(['ses-identity', 'mail.example.com', 'warning'] as const),
      /goes by that one for spend@mail\.example\.com/,
      /report\.html\.identity: 'mail\.example\.com'/,
    ],
    [
      'a reader whose mails bounced',
      (world) => void world.htmlMail.suppressed.set(FINANCE, 'BOUNCE'),
      ...(['ses-recipient', FINANCE, 'failed'] as const),
      /suppression list of SES \(BOUNCE\), so the daily report goes as text/,
      /delete-suppressed-destination --region us-east-1 --email-address finance@example\.com/,
    ],
  ])('%s', async (_what, change, check, subject, status, detail, fix) => {
    const world = account();
    change(world);
    const { of, exitCode } = await examined(world);
    const found = of(check, subject);
    expect(found).toEqual([
      expect.objectContaining({
        ...{ status, detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) },
        who: expect.stringContaining('SES'),
      }),
    ]);
    if (status === 'failed') expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('in the sandbox each reader must be verified, by the address or a domain above it; its list cannot be asked', async () => {
    const world = account();
    ofAccount({ isInSandbox: true })(world);
    const suppression = jest.spyOn(world.htmlMail, 'suppression');
    world.sesSetup.identities.set(OWNER, { kind: 'notVerified', status: 'PENDING' });
    const { of, why } = await examined(world);
    expect(of('ses-recipient', FINANCE)[0]).toMatchObject({
      status: 'ok',
      detail: 'verified in us-east-1: example.com',
    });
    expect(of('ses-recipient', OWNER)[0]).toMatchObject({
      status: 'failed',
      fix: expect.stringMatching(/--email-identity ti@dadosfera\.ai; then follow the link in the mail from AWS$/),
    });
    expect(suppression).not.toHaveBeenCalled();
    expect(why('the suppression list of SES, for readers')?.why).toContain('sandbox');
  });

  test('what may not be asked is unknown, never verified and never missing', async () => {
    const world = account();
    world.sesSetup.failure = DENIED;
    world.htmlMail.listFailure = DENIED;
    const { ours, why, exitCode } = await examined(world);
    const ses = ours.filter(({ check }) => check.startsWith('ses-'));
    expect(ses.map(({ status, subject }) => `${status} ${subject}`)).toEqual([
      'unknown us-east-1',
      ...['example.com', 'spend@mail.example.com', 'mail.example.com'].map((name) => `unknown ${name}`),
      ...[OWNER, FINANCE].map((name) => `unknown ${name}`),
    ]);
    expect(why('whether SES may send, and to whom')).toMatchObject({ reason: 'denied' });
    expect(why('whether each reader is verified')).toMatchObject({ reason: 'unanswered' });
    expect(exitCode).toBe(EXIT_CODES.findings);
  });

  test('a nearer identity that may not be asked for is not known to be none', async () => {
    const world = account();
    world.sesSetup.identities.set('mail.example.com', DENIED);
    const { of } = await examined(world);
    expect(of('ses-identity', 'example.com')[0]?.status).toBe('ok');
    expect(of('ses-identity', 'spend@mail.example.com')).toEqual([]);
    expect(of('ses-identity', 'mail.example.com')).toEqual([
      expect.objectContaining({ status: 'unknown', detail: expect.stringMatching(/^not checked: permission refused/) }),
    ]);
  });

  test('a reader of whom one identity may not be asked is unknown, unless another one is verified', async () => {
    const world = account();
    ofAccount({ isInSandbox: true })(world);
    world.sesSetup.identities.set(OWNER, DENIED);
    world.sesSetup.identities.set(FINANCE, DENIED);
    const { of } = await examined(world);
    expect([of('ses-recipient', OWNER)[0]?.status, of('ses-recipient', FINANCE)[0]?.status]).toEqual(['unknown', 'ok']);
  });
});
