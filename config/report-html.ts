import type { ReportConfig } from './guard-config';
import type { EnvironmentInput } from './schema';

/** The identity that SES knows is mostly a domain. */
export function htmlOf({ html }: EnvironmentInput['report']): Pick<ReportConfig, 'html'> {
  if (html === undefined) return {};
  return { html: { from: html.from, identity: html.identity ?? html.from.slice(html.from.indexOf('@') + 1) } };
}
