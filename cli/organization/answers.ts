import * as z from 'zod';
import type { BrakeStatus, OrganizationDocument } from '../../core/organization';

/** What the hub's functions answer when they are run by hand. */

/** So that a document of another version is not taken for one of this; the compiler keeps the list. */
const DOCUMENT_KEYS: Readonly<Record<keyof OrganizationDocument, true>> = {
  schemaVersion: true,
  at: true,
  month: true,
  spentNano: true,
  atLeast: true,
  limitNano: true,
  attention: true,
  accounts: true,
};

const document = z.custom<OrganizationDocument>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    (value as Partial<OrganizationDocument>).schemaVersion === 1 &&
    Object.keys(DOCUMENT_KEYS).every((key) => key in value),
);

export const reportAnswer = z.union([
  z.object({ kind: z.literal('reported'), document, mailed: z.boolean(), page: z.string().optional() }),
  z.object({ kind: z.literal('unknown'), why: z.string(), mailed: z.boolean() }),
]);

const STATUSES = [
  'none',
  'waiting',
  'attaching',
  'attached',
  'detaching',
  'unreadable',
] as const satisfies BrakeStatus[];

export const brakeAnswer = z.union([
  z.object({
    kind: z.literal('ordered'),
    account: z.string(),
    brake: z.enum(STATUSES),
    reason: z.string().optional(),
    until: z.string().optional(),
    troubles: z.array(z.string()),
  }),
  z.object({ kind: z.literal('refused'), account: z.string(), why: z.string() }),
]);

export type BrakeAnswer = Extract<z.output<typeof brakeAnswer>, { readonly kind: 'ordered' }>;
