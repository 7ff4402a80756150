import * as z from 'zod';
import { channelsSchema } from './channel-shapes';
import { endpointSchema } from './endpoint-shape';
import { declaredModel, priceOverride, quotaOverride } from './model-shapes';
import { isReservedRole, PERMISSION_SET_HINT } from './reserved-roles';

/** Shapes of the configuration. What spans several values is in `check.ts`; how a mistake is worded, in `problems.ts`. */

const percent = z.number().positive().max(1000).multipleOf(0.01);
const dollars = z.number().positive().max(1_000_000).multipleOf(0.01);
const wholeCount = z.int().positive();
const email = z.email({ error: 'a mail address such as team@example.com' });

/** IAM's own rule for role, user and group names, with an optional path before it, or a whole ARN. */
const iamEntity = (kind: 'role' | 'user' | 'group') =>
  z.string().regex(new RegExp(`^(arn:aws[a-z-]*:iam::\\d{12}:${kind}/)?([\\w+=,.@-]+/)*[\\w+=,.@-]{1,128}$`), {
    error: ({ input }) =>
      kind === 'role' && isReservedRole(String(input))
        ? `the name of a role that IAM lets others change: ${PERMISSION_SET_HINT}`
        : `the name of an IAM ${kind} or its ARN, arn:aws:iam::111122223333:${kind}/name`,
  });

/**
 * The rule of IAM Identity Center for names of permission sets
 * (https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html, read 2026-11-28).
 */
const permissionSet = z.string().regex(/^(?!AWSReservedSSO_)[\w+=,.@-]{1,32}$/i, {
  error: "a permission set's own name in IAM Identity Center, such as Developer; not its ARN, nor the name of a role",
});

const trustedArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)\/[\w+=,.@/-]{1,512})$/, {
  error: 'the ARN of an IAM role or user, arn:aws:iam::111122223333:role/name',
});

/** `$LATEST` cannot have provisioned concurrency. */
const qualifier = z
  .string()
  .regex(/^([A-Za-z0-9_-]{1,128})$/, { error: "an alias, or a version's number; not $LATEST" });

const modelEntry = z.strictObject({
  /**
   * A model id: with a scope (`us.`, `eu.`, `global.` …) it is called just so; without one, as the Region calls it: through the
   * profile of its geography where there is one, and never through `global.`.
   */
  id: z.string().min(1),
  /** Leave it out, with a notice, where the Region does not offer it or it is Legacy; fall back where the account has no access. */
  optional: z.boolean().optional(),
  /** Brings an optional model back that is Legacy, for an account that still uses it: others cannot call it any more. */
  legacy: z.literal('include').optional(),
  /** No call is longer than the context from which the model costs more: count it at the price of short ones. */
  longContext: z.literal('never').optional(),
});

/** Within the environment's own, for callers with the in-path plugin. */
export const budgetShape = {
  /** Of a calendar month, UTC. Exactly one of the three limits is needed. */
  monthlyLimitUsd: dollars.optional(),
  /** Of a week from Monday to Sunday, UTC. */
  weeklyLimitUsd: dollars.optional(),
  /** Of a day, UTC. */
  dailyLimitUsd: dollars.optional(),
  /** What is left of a period is had in the next one, up to so much. Absent: nothing is. */
  rollover: z.strictObject({ upToUsd: dollars }).optional(),
  /** Of `principals.roles`: may reserve in it and in what is within it, beside the invoker role, which may in all. */
  roles: z.array(iamEntity('role')).min(1).readonly().optional(),
} as const;

export const htmlShape = {
  from: email,
  /** The verified identity: a domain, or the address itself. Absent: the domain of `from`. */
  identity: z.string().min(1).optional(),
} as const;

export const spendersShape = {
  /** A tag of IAM principals that is activated for cost allocation, such as `team`: AWS's own bill by its values. */
  principalTag: z
    .string()
    .regex(/^[\w.:/=+@-]{1,128}$/, { error: 'the key of a tag of IAM roles and users' })
    .optional(),
  /** The log group that Bedrock writes its invocations to already. Read once a day, figures and names only; never configured here. */
  invocationLogs: z
    .strictObject({
      logGroup: z.string().regex(/^[\w./#-]{1,512}$/, {
        error:
          'the name of a log group such as /bedrock/invocations, of letters, digits and _ - / . #; the name, not the ARN, and no wildcard',
      }),
    })
    .optional(),
} as const;

export const environmentShape = {
  class: z.enum(['production', 'nonProduction']),
  owner: email,
  budgetOwner: email,
  account: z
    .string()
    .regex(/^\d{12}$/, { error: 'an account id of 12 digits, in quotes' })
    .optional(),
  region: z.string().min(1),
  /** Where prompts may be answered; a model that may be answered elsewhere is refused. Absent: anywhere. */
  dataRegions: z.array(z.string().min(1)).min(1).readonly().optional(),
  identity: z.enum(['profile', 'direct']),
  /**
   * Whose usage counts: that of the environment's own profiles, or all of the account's in `meterRegions` that no other
   * environment's profile claims. Absent: profiles; with identity direct: account.
   */
  metering: z.enum(['profiles', 'account']).optional(),
  monthlyLimitUsd: dollars,
  accountWideBudgetUsd: dollars.optional(),
  alertAtPercent: z.array(percent).readonly(),
  ownAlertAtPercent: percent,
  forecastAlertAtPercent: percent,
  degradeAtPercent: z.union([percent, z.literal('never')]),
  stopAtPercent: percent,
  dailyLimitPercent: percent.max(100),
  runawayBrakePercentPerHour: percent.max(100),
  /** Needed, with the reason, before any percentage above may exceed 100. */
  allowAboveLimit: z.string().min(1).optional(),
  billAction: z.union([
    z.enum(['automatic', 'needsApproval', 'none']),
    z.strictObject({ automaticAtPercent: percent.min(120), acceptRisk: z.string().min(1) }),
  ]),
  /** false: a dry run, which decides and says everything and denies nobody. Absent: true. */
  enforce: z.boolean().optional(),
  /** When the meter cannot see for `unknownAfterMinutes` (15): tell people, or stop as well. Absent: page. */
  onBlind: z.enum(['page', 'stop']).optional(),
  unknownAfterMinutes: z.int().min(5).max(1440).optional(),
  /** How long people have to act when a deployment, or the installation, finds spend above a line already. Absent: 60. */
  graceMinutes: z.int().min(0).max(1440).optional(),
  /** Regions in which the environment's tokens are used: metrics are regional. Absent: the environment's own. */
  meterRegions: z.array(z.string().min(1)).min(1).readonly().optional(),
  /**
   * An alarm tells the meter of the first call, so that it asks CloudWatch for nothing while there is none; false, and where
   * `meterRegions` has several: it asks each minute. Absent: true.
   */
  activityAlarm: z.boolean().optional(),
  /** A stop ends running batch jobs too; they do not go on by themselves. Absent: true. */
  stopBatchJobs: z.boolean().optional(),
  /**
   * A CloudWatch dashboard ($3 a month past an account's third) over all environments of this account and Region; one of them may
   * say so. Absent: none, and no metric that only it would show.
   */
  dashboard: z.boolean().optional(),
  /** The state table outlives the stack. Absent: true in production. */
  keepState: z.boolean().optional(),
  /** What the overshoot estimate assumes; absent: `ASSUMED` in config/meter.ts. */
  overshoot: z
    .strictObject({
      longestGenerationMinutes: z.number().min(0).max(60).optional(),
      metricDelayMinutes: z.number().min(1).max(60).optional(),
      enforcementMinutes: z.number().min(0).max(60).optional(),
      cacheReadPerQuotaToken: z.number().min(0).max(1000).optional(),
    })
    .optional(),
  /** The reason to go on although the overshoot estimate is more than the whole limit. */
  acceptOvershoot: z.string().min(1).optional(),
  /** Budgets within the environment's, by path: `search/nightly` is within `search`. */
  budgets: z.record(z.string(), z.strictObject(budgetShape)).optional(),
  endpoint: endpointSchema.optional(), // `spend-guard serve` for a whole VPC. Absent: no such servers.
  /** The bus of an organisation's hub, which is told how the guard stands. Absent: no hub is. */
  organizationHub: z
    .strictObject({
      busArn: z.string().regex(/^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[/.\-_A-Za-z0-9]{1,256}$/, {
        error: "the ARN of an event bus, HubBusArn among the outputs of the hub's stack",
      }),
    })
    .optional(),
  requestLimits: z.strictObject({ perHour: wholeCount, perDay: wholeCount }),
  cacheMinutes: z.int().min(0).max(1440),
  /** How callers with the in-path plugin share the budget; absent: exact, and 2,048 tokens. */
  inPath: z
    .strictObject({
      /** exact: a write before and after each call, to the last dollar; lease: parts taken ahead, for many calls a second. */
      mode: z.enum(['exact', 'lease']).optional(),
      /** Given to requests that set no limit of their own. */
      defaultMaxTokens: z.int().positive().max(1_000_000).optional(),
      /**
       * While the leases table or the meter does not answer: refuse, or let each process go on up to so much a month. Absent:
       * closed; in production open, up to 1% of the limit.
       */
      whenAway: z.union([z.literal('closed'), z.strictObject({ openUpToUsd: dollars })]).optional(),
    })
    .optional(),
  report: z.strictObject({
    at: z
      .string({ error: 'a time of day such as 08:00' })
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as 08:00' }),
    timeZone: z.string().refine(isTimeZone, { error: 'an IANA time zone such as America/Sao_Paulo' }),
    /** Mailed as HTML by Amazon SES, from this address, where the account has a verified identity for it. Absent: as text. */
    html: z.strictObject(htmlShape).optional(),
  }),
  /** Where people are told beside mails, by names of one's own. Absent: by mail alone. */
  channels: channelsSchema.optional(),
  /** Who spent it. Absent: nobody is named. */
  spenders: z.strictObject(spendersShape).optional(),
  models: z.strictObject({
    local: z.strictObject({
      endpoint: z.url({ protocol: /^https?$/, error: 'an http or https address such as http://localhost:11434' }),
      models: z.array(z.string().min(1)).readonly(),
    }),
    small: z.array(modelEntry).min(1).readonly(),
    large: z.array(modelEntry).readonly(),
  }),
  principals: z.strictObject({
    roles: z.array(iamEntity('role')).readonly(),
    users: z.array(iamEntity('user')).readonly(),
    groups: z.array(iamEntity('group')).readonly(),
    /** Of IAM Identity Center, by name: whoever has one in the account. An administrator gives them the switch, once. */
    permissionSets: z.array(permissionSet).readonly().optional(),
  }),
  neverStop: z.array(iamEntity('role')).readonly(),
  assumableBy: z.strictObject({
    principals: z.array(trustedArn).readonly(),
    /** Trusts GitHub's OIDC provider, which must exist in the account, for one repository. */
    githubOidc: z
      .strictObject({
        repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, { error: 'a repository such as owner/name' }),
        /** What the token's subject must end in, after `repo:owner/name:`, such as `environment:prod`. */
        subject: z.string().regex(/^(environment:[^*?]+|ref:refs\/(heads|tags)\/[^*?]+|pull_request)$/, {
          error: 'environment:NAME, ref:refs/heads/BRANCH, ref:refs/tags/TAG or pull_request, without wildcards',
        }),
      })
      .optional(),
  }),
  provisionedConcurrency: z
    .array(
      z.strictObject({
        functionName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'a Lambda function name' }),
        /** No complaint where the function does not exist. */
        optional: z.boolean().optional(),
        /** Aliases and versions; absent: all that have provisioned concurrency. */
        qualifiers: z.array(qualifier).min(1).readonly().optional(),
        /** Lowered after so many minutes without a call, and restored at the next; absent: lowered by a stop only. */
        idleMinutes: z.int().min(15).max(10_080).optional(),
        /** Another template sets its provisioned concurrency: it keeps 1, so that this template's deploys find it. */
        declaredElsewhere: z.boolean().optional(),
        /** The reason to lower to 0 what another template declares, although that breaks its next deploy. */
        allowZero: z.string().min(1).optional(),
      }),
    )
    .readonly(),
} as const;

export const environmentSchema = z.strictObject(environmentShape);

export const guardSchema = z.strictObject({
  environments: z
    .record(z.string(), environmentSchema)
    .refine((all) => Object.keys(all).length > 0, { error: 'at least one environment' }),
  /** Models that no list has: whole, with how they are called and what they cost. */
  declaredModels: z.array(declaredModel).readonly().optional(),
  /** By the id that is really called, such as `us.meta.llama3-1-70b-instruct-v1:0`. */
  prices: z.record(z.string().min(1), priceOverride).optional(),
  /** The account's own, by base model id: for the overshoot estimate, and for how often the meter reads. */
  quotas: z.record(z.string().min(1), quotaOverride).optional(),
});

/** What a person writes in `budget-tiers.ts`. */
export type GuardInput = z.input<typeof guardSchema>;
export type EnvironmentInput = z.output<typeof environmentSchema>;
export type BudgetInput = NonNullable<EnvironmentInput['budgets']>[string];

/** Gives the editor the types; the values are checked by `loadGuard`. */
export function defineGuard(input: GuardInput): GuardInput {
  return input;
}

/** Asking takes longer than all else of an environment's shape, and environments mostly have one zone. */
const timeZones = new Set<string>();

export function isTimeZone(name: string): boolean {
  if (timeZones.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    timeZones.add(name);
    return true;
  } catch {
    return false;
  }
}
