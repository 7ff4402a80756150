import { type EnvironmentConfig, sesIdentities } from '../../config';
import type { Answer, Problem } from '../../core/health';
import type { SesAccount, SesIdentity } from '../../core/report';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';

type Html = NonNullable<EnvironmentConfig['report']['html']>;

const QUESTIONS_HERE = ['sesSetup.account', 'sesSetup.identity', 'htmlMail.suppression'] as const;
/** What comes of whatever is wrong here. */
const AS_TEXT = 'the daily report goes as text';

/** Whether SES would send the daily report, in the Region of the environment. Nothing is sent. */
export async function htmlReport(
  ask: Ask,
  services: Services,
  environment: EnvironmentConfig,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const { region, owner, budgetOwner } = environment;
  const { html } = environment.report;
  if (html === undefined) {
    for (const question of QUESTIONS_HERE) look.skip(question, 'notConfigured', 'the report is no HTML mail');
    return [];
  }
  const readers = [...new Set([owner, budgetOwner])];
  const account = await ask((signal) => services.sesSetup.account(signal));
  return [
    accountOf(region, account),
    ...(await sender(ask, services, html, region)),
    ...(await recipients(ask, services, { readers, region, account }, look)),
  ];
}

function accountOf(region: string, answer: Answer<SesAccount>): Diagnosis {
  const base = { check: 'ses-account', subject: region } as const;
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const { isInSandbox, isSendingEnabled, enforcement } = answer.value;
  const dashboard = `see the account's dashboard in the SES console of ${region}`;
  if (!isSendingEnabled || enforcement === 'SHUTDOWN') {
    const detail = `SES sends nothing: sending is ${isSendingEnabled ? 'ended by AWS' : 'paused'}, so ${AS_TEXT}`;
    return { ...base, status: 'failed', detail, fix: dashboard };
  }
  if (enforcement !== 'HEALTHY') {
    return { ...base, status: 'warning', detail: `SES sends, and AWS looks into it: ${enforcement}`, fix: dashboard };
  }
  if (!isInSandbox) return { ...base, status: 'ok', detail: 'SES may send to anybody' };
  return {
    ...base,
    status: 'warning',
    detail: 'in the sandbox of SES: mails go to verified recipients alone',
    fix: `ask for production access in the SES console of ${region}, or verify each reader: docs/deploy.md`,
  };
}

/** The identity that permissions are given for; and whether SES goes by a nearer one, for which they are not. */
async function sender(
  ask: Ask,
  { sesSetup }: Services,
  { from, identity }: Html,
  region: string,
): Promise<readonly Diagnosis[]> {
  const base = { check: 'ses-identity', subject: identity } as const;
  const answer = await ask((signal) => sesSetup.identity(identity, signal));
  const all = sesIdentities(from);
  const unasked: Diagnosis[] = [];
  for (const nearer of all.slice(0, all.indexOf(identity))) {
    const other = await ask((signal) => sesSetup.identity(nearer, signal));
    if (other.kind === 'unavailable') {
      unasked.push(unknown(base.check, nearer, other.problem));
      continue;
    }
    if (other.value.kind === 'missing') continue;
    const detail = `SES has an identity ${nearer} too, and goes by that one for ${from}: cost-check may send by ${identity} alone`;
    const fix = `name it in the config, report.html.identity: '${nearer}', and deploy; or delete that identity`;
    return [identityOf(base, answer, region), ...unasked, { ...base, subject: nearer, status: 'warning', detail, fix }];
  }
  return [identityOf(base, answer, region), ...unasked];
}

function identityOf(
  base: Pick<Diagnosis, 'check' | 'subject'>,
  answer: Answer<SesIdentity>,
  region: string,
): Diagnosis {
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  switch (answer.value.kind) {
    case 'verified':
      return { ...base, status: 'ok', detail: `verified in ${region}` };
    case 'missing': {
      const detail = `SES has no such identity in ${region}, so ${AS_TEXT}`;
      return { ...base, status: 'failed', detail, fix: verifyFix(base.subject, region) };
    }
    case 'notVerified': {
      const detail = `not verified in ${region} (${answer.value.status}), so ${AS_TEXT}`;
      return { ...base, status: 'failed', detail, fix: afterwards(base.subject, region) };
    }
  }
}

async function recipients(
  ask: Ask,
  services: Services,
  of: { readonly readers: readonly string[]; readonly region: string; readonly account: Answer<SesAccount> },
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const { readers, region, account } = of;
  const isInSandbox = account.kind === 'known' && account.value.isInSandbox;
  if (isInSandbox) {
    // https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html, read 2026-11-29.
    look.skip('htmlMail.suppression', 'beyond', 'in the sandbox SES does not show its list');
  } else if (account.kind === 'unavailable') {
    look.note('whether each reader is verified', 'unanswered', 'whether SES is in its sandbox is not known');
  }
  const diagnoses: Diagnosis[] = [];
  for (const reader of readers) {
    diagnoses.push(
      await (isInSandbox ? inSandbox(ask, services, reader, region) : suppression(ask, services, reader, region)),
    );
  }
  return diagnoses;
}

async function inSandbox(ask: Ask, { sesSetup }: Services, reader: string, region: string): Promise<Diagnosis> {
  const base = { check: 'ses-recipient', subject: reader } as const;
  let problem: Problem | undefined;
  for (const name of sesIdentities(reader)) {
    const answer = await ask((signal) => sesSetup.identity(name, signal));
    if (answer.kind === 'unavailable') problem = answer.problem;
    else if (answer.value.kind === 'verified')
      return { ...base, status: 'ok', detail: `verified in ${region}: ${name}` };
  }
  if (problem) return unknown(base.check, base.subject, problem);
  const detail = `not verified in ${region}: in the sandbox nobody gets a mail that one recipient may not get, so ${AS_TEXT}`;
  return { ...base, status: 'failed', detail, fix: verifyFix(reader, region) };
}

async function suppression(ask: Ask, { htmlMail }: Services, reader: string, region: string): Promise<Diagnosis> {
  const base = { check: 'ses-recipient', subject: reader } as const;
  const answer = await ask(() => htmlMail.suppression(reader));
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  if (answer.value === undefined) return { ...base, status: 'ok', detail: `SES sends to it in ${region}` };
  return {
    ...base,
    status: 'failed',
    detail: `on the suppression list of SES (${answer.value}), so ${AS_TEXT}`,
    fix: `once it can be reached: aws sesv2 delete-suppressed-destination --region ${region} --email-address ${reader}`,
  };
}

function verifyFix(identity: string, region: string): string {
  const command = `aws sesv2 create-email-identity --region ${region} --email-identity ${identity}`;
  return `${command}; then ${afterwards(identity, region)}`;
}

function afterwards(identity: string, region: string): string {
  return identity.includes('@')
    ? 'follow the link in the mail from AWS'
    : `put its DKIM records into the DNS: aws sesv2 get-email-identity --region ${region} --email-identity ${identity}`;
}
