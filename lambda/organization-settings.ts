import * as z from 'zod/mini';
import { nanoUsd } from '../core/money';
import { json } from './env';

const text = z.string().check(z.minLength(1));
const nano = z.pipe(
  z.int().check(z.minimum(0)),
  z.transform((amount: number) => nanoUsd(amount)),
);

export const accountId = z.string().check(z.regex(/^\d{12}$/, { error: 'an account number of 12 digits' }));

/** What every function of the hub is told: the limits file, and its table. */
export const organizationSettings = {
  ORGANIZATION: json(
    z.object({
      managementAccount: accountId,
      approval: z.enum(['needsApproval', 'automatic']),
      /** Of an account's limit. */
      atPercent: z.number().check(z.minimum(100)),
      /** nano-dollars, as all limits here. */
      defaultLimit: nano,
      accounts: z.record(
        accountId,
        z.object({ limit: nano, brake: z.optional(z.enum(['never', 'needsApproval', 'automatic'])) }),
      ),
    }),
  ),
  HUB_TABLE_NAME: text,
};
