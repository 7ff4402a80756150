import { BILLING_TAG } from '../../core/tags';
import type { Services } from '../services';

export interface Question {
  /** What the answer is about. @param subject the one that was asked for; absent: all of them */
  readonly what: (subject?: string) => string;
  /** Which argument names the subject. */
  readonly subjectAt?: number;
  /** What even an answer does not cover. */
  readonly lacks?: { readonly what: string; readonly why: string };
}

/** A service, or one of its methods. */
type Path = keyof Services | `${keyof Services}.${string}`;

/** What can be looked at, by the port that is asked. What only acts, or gives time, is not here. */
export const QUESTIONS = {
  'guard.functions': {
    what: () => "the guard's deployed functions",
    lacks: { what: "the deployed functions' code and permissions", why: 'of a function its variables alone are read' },
  },
  identity: { what: () => 'whose credentials these are' },
  accessKeys: { what: () => 'access keys of users' },
  'account.bootstrapped': { what: () => "the CDK's bootstrap stack" },
  'account.concurrencyLimit': { what: () => "Lambda's concurrency" },
  'account.principals': {
    what: () => 'who else may call models',
    lacks: {
      what: 'service control policies, permission boundaries, trust policies',
      why: 'principals are judged by their own policies alone',
    },
  },
  'catalog.availability': {
    what: (model = 'models') => `access to ${model}`,
    subjectAt: 0,
    lacks: { what: 'whether a call of a model is answered', why: "Bedrock's own word is taken: a call costs" },
  },
  'catalog.lifecycle': { what: (model = 'models') => `the end of life of ${model}`, subjectAt: 0 },
  costTags: {
    what: (tag = BILLING_TAG) => `Cost Explorer, and whether ${tag === BILLING_TAG ? 'the tag' : tag} is active`,
    subjectAt: 0,
  },
  'policyRoom.attached': {
    what: (name = 'guarded principals') => `the switch, and room for policies, on ${name}`,
    subjectAt: 1,
  },
  'policyRoom.quotas': { what: () => 'how many policies fit on a principal' },
  switchVersions: { what: () => 'what the switch says' },
  permissionSetRoles: { what: () => 'the switch on roles of permission sets' },
  quotas: { what: () => "Bedrock's quotas of the account" },
  subscriptions: { what: () => 'who has confirmed the alert mails' },
  stackOutputs: {
    what: () => 'the stack and what a deployment changes in it (npx cdk diff)',
    lacks: { what: 'what a deployment changes in the stack (npx cdk diff)', why: 'of it the outputs alone are read' },
  },
  channelSecrets: {
    what: (name) => (name === undefined ? "channels' secrets" : `the secret ${name}`),
    subjectAt: 0,
    lacks: {
      what: "whether a channel's service takes what it is sent",
      why: 'nothing is sent: npx spend-guard alerts test does',
    },
  },
  channelStates: { what: (name = 'each channel') => `how the guard stands with ${name}`, subjectAt: 0 },
  hosts: { what: (host = 'webhooks') => `addresses of ${host}`, subjectAt: 0 },
  'sesSetup.account': { what: () => 'whether SES may send, and to whom' },
  'sesSetup.identity': { what: (name = 'senders') => `whether SES has verified ${name}`, subjectAt: 0 },
  'htmlMail.suppression': {
    what: (reader = 'readers') => `the suppression list of SES, for ${reader}`,
    subjectAt: 0,
  },
  logGroups: {
    what: (name = 'of invocations') => `the log group ${name}`,
    subjectAt: 0,
    lacks: { what: 'whether records of invocations have come there', why: 'no record of a log is read' },
  },
  invocationLogging: { what: () => 'where Bedrock logs invocations' },
  localModels: { what: () => 'local models' },
  spend: { what: () => 'the bill, by AWS Budgets' },
  sessions: { what: () => 'sessions' },
  concurrency: { what: () => 'provisioned concurrency' },
  profiles: { what: () => 'application inference profiles' },
  usageMetrics: { what: () => 'what models have used, by CloudWatch' },
  callersBudget: { what: () => 'the budget that callers with the in-path plugin share' },
  callerKeys: { what: () => 'keys of callers through the server' },
  'meterState.latest': { what: () => 'what the meter has last seen' },
  'meterState.order': { what: () => 'orders in force' },
  'meterState.calibration': { what: () => "the meter's calibration by the bill" },
} as const satisfies Partial<Record<Path, Question>>;

export type QuestionName = keyof typeof QUESTIONS;
export const QUESTION_NAMES = Object.keys(QUESTIONS) as readonly QuestionName[];

/** @param path a service and what was called on it, such as `account.principals`; undefined: that looks at nothing */
export function questionOf(path: string): QuestionName | undefined {
  return QUESTION_NAMES.find((name) => path === name || path.startsWith(`${name}.`));
}
