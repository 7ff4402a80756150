import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as ses from 'aws-cdk-lib/aws-ses';
import type { GuardChannel } from './guard-channel';
import type { Usd } from './usd';

/** What AWS Budgets does at the stop line, hours after the meter, with none of the guard's code. */
export enum BillAction {
  /** Denies by itself. A bill can be wrong: not for production. */
  AUTOMATIC = 'automatic',
  /** Waits for a person in the Budgets console. */
  NEEDS_APPROVAL = 'needsApproval',
  /** No budgets action: saves $3.10 a month beyond an account's second. */
  NONE = 'none',
}

/** What the meter does when it cannot see for a quarter of an hour. */
export enum OnBlind {
  /** Tells people. */
  PAGE = 'page',
  /** Tells people, and stops. */
  STOP = 'stop',
}

/** A repository whose workflows may assume the invoker role, by GitHub's OIDC provider, which the account must have. */
export interface GitHubTrust {
  /** Such as `owner/name`. */
  readonly repository: string;
  /** What the token's subject ends in: `environment:NAME`, `ref:refs/heads/BRANCH`, `ref:refs/tags/TAG` or `pull_request`. */
  readonly subject: string;
}

/** What a guard is made of: the first four are needed. Percentages are of the monthly limit. */
export interface SpendGuardProps {
  /** Of a calendar month, UTC. A number that synth knows: alerts and lines are made of it. */
  readonly monthlyLimit: Usd;

  /** Mail address of whoever runs it: gets every alert and the daily report, and confirms one subscription. */
  readonly owner: string;

  /**
   * Ids of the models that may be called. With a scope (`us.`, `eu.`, `global.`) an id is called just so; without one as the Region
   * calls it, and never through `global.`.
   */
  readonly models: string[];

  /**
   * Whom a stop reaches beside the guard's own invoker role: roles, users and groups of the stack's account, or what has a role, such as a
   * function. An empty list: whoever assumes the invoker role, and nobody else.
   */
  readonly principals: iam.IGrantable[];

  /**
   * Tells this guard from others of the account: in names of resources, tags, mails and commands. A letter, then at most 23 letters,
   * digits or single hyphens.
   * @default - of the construct's path, shortened where it is long
   */
  readonly environmentName?: string;

  /**
   * The state table outlives the stack, and callers with the plugin go on, up to 1% of the limit, while the guard cannot answer.
   * @default false
   */
  readonly production?: boolean;

  /**
   * Mail address of whoever answers for the money: gets the same mails.
   * @default - the owner alone
   */
  readonly budgetOwner?: string;

  /**
   * Ids of models that are denied first, from `degradeAtPercent`.
   * @default - none
   */
  readonly largeModels?: string[];

  /**
   * Where calls may be answered, as names of Regions: a model that may answer elsewhere is refused.
   * @default - anywhere
   */
  readonly dataRegions?: string[];

  /**
   * Mails at these percentages, ascending.
   * @default [50, 75, 90]
   */
  readonly alertAtPercent?: number[];

  /**
   * From here on the large models are denied.
   * @default 90 or, with an earlier stop, 5 before it; without large models never
   */
  readonly degradeAtPercent?: number;

  /**
   * From here on every model is denied, until the next month or until somebody resumes.
   * @default 95
   */
  readonly stopAtPercent?: number;

  /**
   * One day (UTC) alone stops at this much.
   * @default 20
   */
  readonly dailyLimitPercent?: number;

  /**
   * One hour alone stops at this much.
   * @default 10
   */
  readonly runawayBrakePercentPerHour?: number;

  /**
   * The reason, before a percentage above may exceed 100.
   * @default - none may
   */
  readonly allowAboveLimit?: string;

  /**
   * false: a dry run, which decides and says everything and denies nobody. AWS Budgets' own action goes by `billAction` alone.
   * @default true
   */
  readonly enforce?: boolean;

  /**
   * What AWS Budgets does at the stop line, hours after the meter.
   * @default BillAction.NEEDS_APPROVAL
   */
  readonly billAction?: BillAction;

  /**
   * What the meter does when it cannot see.
   * @default OnBlind.PAGE
   */
  readonly onBlind?: OnBlind;

  /**
   * The reason to go on although what may be spent before a stop holds is estimated at more than the limit.
   * @default - synth warns of it
   */
  readonly acceptOvershoot?: string;

  /**
   * Whose usage counts. true: all of the account's, by whichever id it is called; models are called by their own ids, and the account is
   * this guard's alone. false: that of profiles of the guard's own, which `modelId` names; for guards that share an account.
   * @default true
   */
  readonly meterWholeAccount?: boolean;

  /**
   * Regions in which tokens are used, the stack's own among them.
   * @default - the stack's own
   */
  readonly meterRegions?: string[];

  /**
   * A second budget, over all of Bedrock in the account, which tells people and stops nobody.
   * @default - none
   */
  readonly accountWideLimit?: Usd;

  /**
   * Names of permission sets of IAM Identity Center: whoever has one in the account is stopped, once an administrator has run the
   * command that synth prints.
   * @default - none
   */
  readonly permissionSets?: string[];

  /**
   * Names or ARNs of break-glass roles, which are never stopped: every report shows them.
   * @default - none
   */
  readonly neverStop?: string[];

  /**
   * ARNs of roles and users that may assume the invoker role. For principals of the same app: `grantInvoke`.
   * @default - none
   */
  readonly trustedBy?: string[];

  /**
   * A repository on GitHub whose workflows may assume the invoker role.
   * @default - none
   */
  readonly trustedGitHub?: GitHubTrust;

  /**
   * Time of the daily report, such as 08:00.
   * @default '08:00'
   */
  readonly reportAt?: string;

  /**
   * An IANA time zone, such as America/Sao_Paulo, of `reportAt`.
   * @default 'UTC'
   */
  readonly timeZone?: string;

  /**
   * Mail address that the daily report comes from, as HTML by Amazon SES, where the account has a verified identity for it in the stack's
   * Region. The text goes beside it.
   * @default - as text, by the alert topic
   */
  readonly reportFrom?: string;

  /**
   * What SES has verified for `reportFrom`: its domain, one above it, or the address itself. Of this app, or imported by its name.
   * @default - the domain of `reportFrom`
   */
  readonly reportIdentity?: ses.IEmailIdentity;

  /**
   * Where people are told beside their mails: Slack, Teams, PagerDuty, webhooks.
   * @default - by mail alone
   */
  readonly channels?: GuardChannel[];

  /**
   * Who spent it, by the log group that Bedrock writes its invocations to: of this app, or imported by its name, in the stack's account and
   * Region. Read once a day, figures and names only; Bedrock's logging itself is switched on by whoever owns the account.
   * @default - no log is read
   */
  readonly invocationLogs?: logs.ILogGroup;

  /**
   * Who spent it, by AWS's own bill: the key of a tag of IAM principals that is activated for cost allocation, such as `team`.
   * @default - none
   */
  readonly principalTag?: string;

  /**
   * A CloudWatch dashboard ($3 a month past an account's third).
   * @default false
   */
  readonly dashboard?: boolean;

  /**
   * The state table outlives the stack, and cannot be deleted by hand.
   * @default - as `production` says
   */
  readonly keepState?: boolean;

  /**
   * ARN of the event bus of an organisation's hub, which is told how this guard stands.
   * @default - none
   */
  readonly hubBusArn?: string;
}
