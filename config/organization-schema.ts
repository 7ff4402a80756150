import * as z from 'zod';
import { channelsSchema } from './channel-shapes';
import { isTimeZone } from './schema';

/** Shapes of the organisation's file. What spans several values is in `organization-check.ts`. */

/** What the members' template takes for one. */
const email = z
  .string()
  .max(254)
  .regex(/^[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/, {
    error: 'a mail address such as team@example.com',
  });

/** As text of digits it becomes a parameter of the members' template, which takes whole dollars. */
const wholeDollars = z.int().min(1).max(1_000_000);

const account = z.string().regex(/^\d{12}$/, { error: 'an account id of 12 digits, in quotes' });

const person = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]{1,512}$/, {
  error: 'the ARN of an IAM role or user, arn:aws:iam::111122223333:role/name',
});

/** What a service control policy compares with `aws:PrincipalArn`: in any account, and with wildcards in the name. */
const rolePattern = z.string().regex(/^arn:aws[a-z-]*:iam::(\d{12}|\*):role\/[\w+=,.@*?/-]{1,512}$/, {
  error: 'the ARN of a role, also with wildcards, such as arn:aws:iam::*:role/break-glass',
});

const approval = z.enum(['needsApproval', 'automatic']);

const accountShape = {
  limitUsd: wholeDollars,
  /** Gets the alerts of this account's guard. Absent: the organisation's owner. */
  email: email.optional(),
  /** Absent: as `brake.approval` says. never: the organisation's brake leaves this account alone. */
  brake: z.union([approval, z.literal('never')]).optional(),
} as const;

export const brakeShape = {
  /** Whether a person approves each brake before it is put on. Absent: needsApproval. */
  approval: approval.optional(),
  /** Of an account's limit here, for the spend of all its environments. Absent: 110. */
  atPercent: z.number().min(100).max(1000).multipleOf(0.01).optional(),
  /** Break-glass roles, which the brake spares in every account. Absent: none. */
  neverStop: z.array(rolePattern).readonly().optional(),
} as const;

export const stackSetShape = {
  /** Patterns of ids: botocore 1.43.106, organizations (read 2026-11-29). A root stands for all of the organisation. */
  organizationalUnits: z
    .array(
      z.string().regex(/^(ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|r-[0-9a-z]{4,32})$/, {
        error: 'the id of an organisational unit or of the root, such as ou-ab12-11111111',
      }),
    )
    .min(1)
    .readonly(),
  /** watch: decides and says everything, and denies nobody. */
  mode: z.enum(['watch', 'enforce']),
  /** Counts all of Bedrock in the account; false: what goes through the profiles of the guard's stack. */
  accountWide: z.boolean(),
  regions: z.array(z.string().min(1)).length(1).readonly(),
} as const;

export const peopleShape = {
  /** May read the status and the report. */
  viewers: z.array(person).readonly().optional(),
  /** May approve, stop and lift besides. */
  operators: z.array(person).readonly().optional(),
} as const;

const reportShape = {
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as 08:00' }),
  timeZone: z.string().refine(isTimeZone, { error: 'an IANA time zone such as America/Sao_Paulo' }),
} as const;

export const organizationShape = {
  organizationId: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'the id of an organisation such as o-a1b2c3d4e5' }),
  managementAccount: account,
  hubRegion: z.string().min(1),
  /** Runs it: gets the hub's alerts, its requests for approval and the daily mail. */
  owner: email,
  report: z.strictObject(reportShape),
  brake: z.strictObject(brakeShape),
  stackSet: z.strictObject(stackSetShape),
  /** Who may ask and order, by the two roles of the hub's stack. Absent: nobody yet. */
  people: z.strictObject(peopleShape).optional(),
  /** Where people look, beside the owner's mails: as an environment has them (docs/channels.md). Absent: mails alone. */
  channels: channelsSchema.optional(),
  /** Of every account in the organisational units that is not in `accounts`. */
  defaultLimitUsd: wholeDollars,
  accounts: z.record(account, z.strictObject(accountShape)),
} as const;

export const organizationSchema = z.strictObject(organizationShape);

/** What a person writes in the organisation's file. */
export type OrganizationInput = z.input<typeof organizationSchema>;
export type OrganizationValues = z.output<typeof organizationSchema>;

/** Gives the editor the types; the values are checked by `loadOrganization`. */
export function defineOrganization(input: OrganizationInput): OrganizationInput {
  return input;
}
