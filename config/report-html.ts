import type { ReportConfig } from './guard-config';
import { rightValues, shown, type Problem } from './problems';
import { type EnvironmentInput, htmlShape } from './schema';

/** The identity that SES knows is mostly a domain. */
export function htmlOf({ html }: EnvironmentInput['report']): Pick<ReportConfig, 'html'> {
  if (html === undefined) return {};
  return { html: { from: html.from, identity: sesIdentity(html.identity ?? domainOf(html.from)) } };
}

/**
 * SES takes an address whose own identity is verified, or that of its domain, or of one above it
 * (https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html, read 2026-11-29). Permissions are given for it by name.
 * @param raw the environment as it was written
 */
export function htmlProblems(path: string, raw: unknown): Problem[] {
  const written = (raw as { report?: { html?: unknown } | null } | null | undefined)?.report?.html;
  const { from, identity } = rightValues<NonNullable<EnvironmentInput['report']['html']>>(htmlShape, written);
  if (from === undefined || identity === undefined) return [];
  const allowed = sesIdentities(from);
  if (allowed.includes(sesIdentity(identity))) return [];
  return [
    {
      path: `${path}.report.html.identity`,
      text: `must be what report.html.from is verified by: ${allowed.join(', or ')}; got ${shown(identity)}`,
    },
  ];
}

/**
 * As its ARN has it, which has a case. A domain has none, and is written small; an address has one in SES
 * (https://repost.aws/knowledge-center/ses-554-400-message-rejected-error, read 2026-11-29), and is kept as it is.
 */
function sesIdentity(name: string): string {
  return name.includes('@') ? name : name.toLowerCase();
}

/** Which SES may know an address by, the nearest first. */
export function sesIdentities(address: string): readonly string[] {
  return [address, ...domainsOf(address)];
}

/** Of an address; and those above it, but for the last label. */
function domainsOf(address: string): readonly string[] {
  const labels = domainOf(address).split('.');
  return labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
}

/** In small letters. */
export function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1).toLowerCase();
}
