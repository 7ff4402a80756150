import { attempt, type Pace, problemWords, type Answer, type Finding, type Problem } from '../../core/health';
import type { Line } from '../result';
import type { Services } from '../services';

/** What the doctor looks at: the health check's own checks, and what must be there before anything is deployed. */
export type DoctorCheck =
  | Finding['check']
  | 'node'
  | 'region'
  | 'bootstrap'
  | 'model-access'
  | 'cost-explorer'
  | 'deployed'
  | 'other-callers'
  | 'metering'
  | 'concurrency'
  | 'channel'
  | 'channel-secret'
  | 'channel-address'
  | 'ses-account'
  | 'ses-identity'
  | 'ses-recipient'
  | 'invocation-log'
  | 'invocation-logging'
  | 'principal-tag';

export interface Diagnosis extends Omit<Finding, 'check'> {
  readonly check: DoctorCheck;
}

/** Who can usually do what a fix asks for. */
export const WHO: Readonly<Partial<Record<DoctorCheck, string>>> = {
  node: 'whoever runs this',
  identity: 'whoever runs this',
  region: 'whoever edits the config',
  bootstrap: 'an administrator of the account',
  'model-access': 'whoever may subscribe the account to models (aws-marketplace:Subscribe, bedrock:*)',
  'cost-explorer': 'the owner of the management (or only) account, in its billing console',
  'cost-allocation-tag': 'the owner of the management (or only) account, in its billing console',
  subscription: 'whoever reads that mailbox',
  switch: 'whoever may deploy the CDK in the account',
  'policy-room': 'an IAM administrator of the account',
  'permission-set': 'an administrator of IAM Identity Center',
  'other-callers': 'an IAM administrator of the account',
  metering: 'whoever edits the config',
  quota: 'whoever edits the config',
  concurrency: 'whoever may ask for quotas (servicequotas:RequestServiceQuotaIncrease)',
  deployed: 'whoever may deploy the CDK in the account',
  channel: 'whoever may write its secret, or administers the workspace or the receiver',
  'channel-secret': 'whoever may write that secret',
  'channel-address': 'whoever runs the receiver, or edits the config',
  'ses-account': 'whoever administers Amazon SES in the account',
  'ses-identity': 'whoever administers Amazon SES in the account, and the DNS',
  'ses-recipient': 'whoever administers Amazon SES in the account',
  'invocation-log': 'whoever administers CloudWatch Logs in the account',
  'invocation-logging': 'whoever administers Bedrock in the account',
  'principal-tag': 'the owner of the management (or only) account, in its billing console',
};

/** Asks one question, which may fail alone. */
export type Ask = <T>(question: (signal: AbortSignal) => Promise<T>, limitMs?: number) => Promise<Answer<T>>;

const ASK_MS = 15_000;

/** Waits for no question longer than its own time, nor for all of them together. */
export function asking({ pace }: Pick<Services, 'pace'>): Ask {
  const unhurried: Pace = { ...pace, deadlineMs: Number.POSITIVE_INFINITY };
  return (question, limitMs = ASK_MS) => attempt(unhurried, limitMs, question);
}

/** A check that could not be made claims nothing. */
export function unknown(check: DoctorCheck, subject: string, problem: Problem): Diagnosis {
  return { check, subject, status: 'unknown', detail: `not checked: ${problemWords(problem)}` };
}

/** The finding, and below it what to do and who usually may. */
export function diagnosisLines({ check, subject, status, detail, fix }: Diagnosis): readonly Line[] {
  const text = `  ${status.padEnd(8)} ${check} ${subject}: ${detail}`;
  const tone = ({ ok: 'good', failed: 'bad', warning: 'warning', unknown: 'warning' } as const)[
    status as 'ok' | 'failed' | 'warning' | 'unknown'
  ];
  const who = WHO[check];
  return [tone ? { text, tone } : text, ...(fix ? [`           fix: ${fix}${who ? ` (${who})` : ''}`] : [])];
}
