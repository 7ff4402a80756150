import { errorNameOf, GuardError, ServiceError } from '../../core/errors';
import { HUB } from '../../core/hub';
import { asFindings } from '../../core/metrics';
import {
  attentionOf,
  organizationDocument,
  type OrganizationDocument,
  organizationMail,
  organizationPage,
  rollUp,
  type RollUp,
  unknownMail,
} from '../../core/organization';
import type { Reading } from '../../core/reading';
import { reportDay, type ReportDay } from '../../core/report';
import type { OrganizationReportDeps } from './deps';
import type { OrganizationReportEnv } from './env';
import { parseEvent } from './event';

export type OrganizationReportResult =
  | {
      readonly kind: 'reported';
      readonly document: OrganizationDocument;
      readonly mailed: boolean;
      readonly page?: string;
    }
  | { readonly kind: 'unknown'; readonly why: string; readonly mailed: boolean }
  | { readonly kind: 'skipped'; readonly why: string };

/**
 * Shorter than Lambda's first pause before a retry (a minute), so that a failed run's retry takes its claim over; longer than
 * Scheduler's duplicates are apart. The function's time-out is shorter still.
 */
export const STALE_CLAIM_MS = 55_000;
/** Lambda's own attempts at an asynchronous event: the last one mails that nothing is known. */
const ATTEMPTS = 3;
/** The last one that was written. */
export const PAGE_KEY = 'organization.html';

/**
 * The organisation's daily mail and page, and the same on demand.
 * @throws GuardError EVENT_INVALID; ServiceError for what may pass, so that Lambda retries, until the last attempt
 */
export function makeHandler(
  deps: OrganizationReportDeps,
  env: OrganizationReportEnv,
): (event: unknown) => Promise<OrganizationReportResult> {
  return async (input) => {
    const now = deps.now();
    const event = parseEvent(input, now);

    const day = event.kind === 'schedule' ? reportDay(event.dueAt, env.REPORT_TIME_ZONE) : undefined;
    const claim = day && (await deps.state.claim(day, now, now - STALE_CLAIM_MS));
    if (claim?.kind === 'sent') return { kind: 'skipped', why: "this day's report was sent" };
    if (claim?.kind === 'busy') return { kind: 'skipped', why: 'another run is reporting' };
    const rolled = await asked(() => read(deps, env, now));
    if (rolled.kind === 'unavailable') {
      const isLast = claim === undefined || claim.attempt >= ATTEMPTS;
      if (!isLast) throw new GuardError('TABLE_UNAVAILABLE', `attempt ${claim.attempt} of ${ATTEMPTS}: ${rolled.why}`);
      if (event.mail) await send(deps, unknownMail(rolled.why, now), day, now);
      return { kind: 'unknown', why: rolled.why, mailed: event.mail };
    }

    const page = organizationPage(rolled.value);
    if (event.mail) {
      const pageTrouble = await keepPage(deps, page, day);
      await send(deps, organizationMail(rolled.value, env.REPORT_TIME_ZONE, pageTrouble), day, now);
    }
    record(deps, rolled.value);
    const document = organizationDocument(rolled.value);
    return { kind: 'reported', document, mailed: event.mail, ...(event.page && { page }) };
  };
}

async function read(
  { organization }: OrganizationReportDeps,
  env: OrganizationReportEnv,
  now: number,
): Promise<RollUp> {
  const [items, looked] = await Promise.all([organization.all(), asked(() => organization.looked())]);
  return rollUp(env.ORGANIZATION, items, looked, now);
}

/** @returns why it could not be written: the mail says so, and goes out */
async function keepPage(
  { pages }: OrganizationReportDeps,
  page: string,
  day: ReportDay | undefined,
): Promise<string | undefined> {
  const keys = day === undefined ? [PAGE_KEY] : [PAGE_KEY, `days/${day.slice(0, 'YYYY-MM-DD'.length)}.html`];
  const kept = await asked(() => Promise.all(keys.map((key) => pages.put(key, page))));
  return kept.kind === 'unavailable' ? kept.why : undefined;
}

async function send(
  { mail, state }: OrganizationReportDeps,
  message: Parameters<OrganizationReportDeps['mail']['send']>[0],
  day: ReportDay | undefined,
  now: number,
): Promise<void> {
  await mail.send(message);
  // A run that fails from here on is tried again, and would mail again.
  if (day !== undefined) await asked(() => state.markSent(day, now, message.subject));
}

function record({ metrics }: OrganizationReportDeps, rolled: RollUp): void {
  const counts: Record<string, number> = {};
  for (const { kind } of attentionOf(rolled)) counts[kind] = (counts[kind] ?? 0) + 1;
  metrics.record(HUB, asFindings((counts['silent'] ?? 0) + (counts['unheard'] ?? 0)), {
    event: 'organization.reported',
    month: rolled.month,
    accounts: rolled.accounts.length,
    attention: counts,
  });
}

async function asked<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'known', value: await ask() };
  } catch (error) {
    if (error instanceof ServiceError) return { kind: 'unavailable', why: `${errorNameOf(error)} from AWS` };
    if (error instanceof GuardError) return { kind: 'unavailable', why: error.message };
    throw error;
  }
}
