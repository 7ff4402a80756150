import * as z from 'zod';
import { CHECKS } from '../core/health';
import type { CostReport } from '../core/report';

/** What the guard's functions answer when they are run by hand: the documents that they document, version 1. */

/** Of the health check; what else it says of a finding is for its own mails. */
const finding = z.object({
  check: z.enum(CHECKS),
  subject: z.string(),
  status: z.enum(['ok', 'expected', 'unknown', 'warning', 'failed']),
  latencyMs: z.number().optional(),
  detail: z.string(),
  fix: z.string().optional(),
});

export const healthAnswer = z.object({
  document: z.object({
    schemaVersion: z.literal(1),
    environment: z.string(),
    at: z.string(),
    findings: z.array(finding),
  }),
});

/** Of the report, so that one of another version of the guard is not taken for one of this; the compiler keeps the list. */
const REPORT_KEYS: Readonly<Record<keyof Omit<CostReport, 'budgets' | 'spenders'>, true>> = {
  schemaVersion: true,
  environment: true,
  asOf: true,
  month: true,
  limit: true,
  bill: true,
  meter: true,
  lines: true,
  neverStop: true,
  guardedUnmetered: true,
  requests: true,
};

const report = z.custom<CostReport>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    (value as Partial<CostReport>).schemaVersion === 1 &&
    Object.keys(REPORT_KEYS).every((key) => key in value),
);

export const costAnswer = z.object({ kind: z.literal('reported'), mailed: z.boolean(), report });

/** Of auto-stop. Outcomes are words that a later version may add to. */
export const convergeAnswer = z.object({
  schemaVersion: z.literal(1),
  outcomes: z.array(
    z.object({
      functionName: z.string(),
      qualifier: z.string().optional(),
      outcome: z.string(),
      reason: z.string(),
    }),
  ),
});
