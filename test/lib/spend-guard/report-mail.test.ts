import { CfnParameter, Stack, Token } from 'aws-cdk-lib';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as ses from 'aws-cdk-lib/aws-ses';
import { parseCostCheckEnv } from '../../../lambda/cost-check/env';
import { FOUR, guardIn, someStack } from '../../helpers/app-guard';
import { granting, toldTo } from '../../helpers/stack';
import { FROM, grantsOf, identity, resourcesFor, said } from './asked';

describe('the report as HTML', () => {
  test('is mailed by cost-check alone, from that address alone, by its domain', () => {
    const stack = someStack();
    guardIn(stack, { reportFrom: FROM, budgetOwner: 'cfo@example.com' });
    expect(parseCostCheckEnv(toldTo(stack, 'cost-check'))).toMatchObject({
      REPORT_FROM: FROM,
      REPORT_TO: [FOUR.owner, 'cfo@example.com'],
    });
    const { own, all } = grantsOf(stack);
    expect(granting(own, 'ses:SendEmail')[0]!.Condition).toEqual({ StringEquals: { 'ses:FromAddress': FROM } });
    expect(resourcesFor(own, 'ses:SendEmail')).toContainEqual(expect.stringContaining(':identity/mail.example.org"'));
    expect(granting(all, 'ses:SendEmail')).toHaveLength(1);
  });

  const zone = (stack: Stack) => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.org' });
  test.each<[string, (stack: Stack) => ses.IEmailIdentity, string]>([
    ['imported', (stack) => identity(stack, 'example.org'), 'example.org'],
    ['imported, in other letters', (stack) => identity(stack, 'Example.ORG'), 'example.org'],
    [
      'imported by its ARN',
      (stack) =>
        ses.EmailIdentity.fromEmailIdentityArn(
          stack,
          'Mail',
          'arn:aws:ses:us-east-1:111122223333:identity/example.org',
        ),
      'example.org',
    ],
    [
      'a domain of the app',
      (stack) => new ses.EmailIdentity(stack, 'Mail', { identity: ses.Identity.domain('mail.example.org') }),
      'mail.example.org',
    ],
    [
      'a hosted zone of the app',
      (stack) => new ses.EmailIdentity(stack, 'Mail', { identity: ses.Identity.publicHostedZone(zone(stack)) }),
      'example.org',
    ],
    [
      'the address itself',
      (stack) => new ses.EmailIdentity(stack, 'Mail', { identity: ses.Identity.email(FROM) }),
      FROM,
    ],
  ])('by an identity that is %s: permitted for that', (_what, of, verified) => {
    const stack = someStack();
    guardIn(stack, { reportFrom: FROM, reportIdentity: of(stack) });
    const [first] = resourcesFor(grantsOf(stack).own, 'ses:SendEmail');
    expect(first).toContain(`:identity/${verified}"`);
  });

  test.each<[string, (stack: Stack) => object, string]>([
    [
      'no address',
      () => ({ reportFrom: 'spend' }),
      "reportFrom: must be a mail address such as team@example.com, got 'spend'",
    ],
    ['an empty one', () => ({ reportFrom: '' }), "reportFrom: must be a mail address such as team@example.com, got ''"],
    ['a number', () => ({ reportFrom: 7 }), 'reportFrom: must be a mail address such as team@example.com, got 7'],
    [
      'a token',
      () => ({ reportFrom: Token.asString({ Ref: 'X' }) }),
      'reportFrom: must be known at synth, got a token',
    ],
    [
      'text for an identity',
      () => ({ reportFrom: FROM, reportIdentity: 'example.org' }),
      "reportIdentity: must be an identity of SES, such as ses.EmailIdentity.fromEmailIdentityName(this, 'Mail', 'example.com'), got 'example.org'",
    ],
    [
      'an identity of CloudFormation alone',
      (stack) => ({
        reportFrom: FROM,
        reportIdentity: new ses.CfnEmailIdentity(stack, 'M', { emailIdentity: 'example.org' }),
      }),
      'reportIdentity: must be an identity of SES, such as ',
    ],
    [
      'an identity alone',
      (stack) => ({ reportIdentity: identity(stack, 'example.org') }),
      'reportIdentity: needs reportFrom: ',
    ],
    [
      'that of another domain',
      (stack) => ({ reportFrom: FROM, reportIdentity: identity(stack, 'example.com') }),
      `reportIdentity: must be what reportFrom is verified by: ${FROM}, or mail.example.org, or example.org; got 'example.com'`,
    ],
    [
      'that of another domain, made by the app',
      (stack) => ({
        reportFrom: FROM,
        reportIdentity: new ses.EmailIdentity(stack, 'M', { identity: ses.Identity.domain('example.com') }),
      }),
      'reportIdentity: must be what reportFrom is verified by: ',
    ],
    [
      'that of all names',
      (stack) => ({ reportFrom: FROM, reportIdentity: identity(stack, '*') }),
      'reportIdentity: must be what reportFrom is verified by: ',
    ],
    [
      'one whose name is a token',
      (stack) => ({ reportFrom: FROM, reportIdentity: identity(stack, new CfnParameter(stack, 'D').valueAsString) }),
      'reportIdentity: must be known at synth, got a token, which is known at deployment only: synth checks that reportFrom is verified by it',
    ],
    [
      'one of a domain that is a token',
      (stack) => ({
        reportFrom: FROM,
        reportIdentity: new ses.EmailIdentity(stack, 'M', {
          identity: ses.Identity.domain(new CfnParameter(stack, 'D').valueAsString),
        }),
      }),
      'reportIdentity: must be known at synth, got a token',
    ],
    [
      'one of another Region',
      (stack) => ({
        reportFrom: FROM,
        reportIdentity: ses.EmailIdentity.fromEmailIdentityArn(
          stack,
          'M',
          'arn:aws:ses:eu-west-1:111122223333:identity/example.org',
        ),
      }),
      'reportIdentity: is of Region eu-west-1, and the guard looks in that of its stack alone, us-east-1',
    ],
  ])('is refused with %s', (_what, props, text) => {
    const found = said(props);
    expect(found).toContain(`SpendGuard: 1 problem\n  MyApp/Guard: ${text}`);
    expect(found).not.toMatch(/report\.html|environments\.|Token\[/);
  });
});
