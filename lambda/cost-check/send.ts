import { ServiceError } from '../../core/errors';
import {
  reportHtml,
  reportMail,
  reportNotice,
  type CostReport,
  type HtmlMailPort,
  type LineStatus,
  type ReportDay,
} from '../../core/report';
import type { Reading } from '../../core/reading';
import { asked, whyOf } from './asked';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';

export interface Sent {
  /** As people got it: with a line on why it is text, where it should have been HTML. */
  readonly report: CostReport;
  /** Why those who do not read mail may not have been told, although those who do were. */
  readonly unpublished?: string;
}

/**
 * Mails the report: as HTML by SES where the config names an address, else as text by the alert topic. Whatever keeps SES from sending
 * it, or from saying that it has, sends the text as well: twice rather than never. The topic gets it in any case, for the channels.
 * @throws ServiceError where the text cannot be sent
 */
export async function sendReport(
  { mail, htmlMail }: Pick<CostCheckDeps, 'mail' | 'htmlMail'>,
  env: CostCheckEnv,
  report: CostReport,
  day: ReportDay,
): Promise<Sent> {
  const zone = env.REPORT_TIME_ZONE;
  const { REPORT_FROM: from, REPORT_TO: to } = env;
  const line = from === undefined ? undefined : await mailedAsHtml(htmlMail, { from, to }, report, zone);
  const told = line === undefined ? report : withLine(report, line);
  if (line?.state !== 'armed') {
    await mail.send(textOf(told, zone, day));
    return { report: told };
  }
  // A failure here must not fail the run: the next one would mail people a second time.
  const published = await asked(() => publishReport(mail, env, told, day));
  return { report: told, ...(published.kind === 'unavailable' && { unpublished: published.why }) };
}

/** To those who do not read mail: people have it by SES. @throws ServiceError */
export async function publishReport(
  mail: CostCheckDeps['mail'],
  env: CostCheckEnv,
  report: CostReport,
  day: ReportDay,
): Promise<void> {
  await mail.send(textOf(report, env.REPORT_TIME_ZONE, day), { mailedBySes: true });
}

function textOf(report: CostReport, zone: string, day: ReportDay) {
  return { ...reportMail(report, zone), notice: reportNotice(report, day) };
}

function withLine(report: CostReport, line: LineStatus): CostReport {
  return { ...report, lines: [...report.lines, line] };
}

interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** `armed`: SES has taken it, and nothing says that it is not sent on. */
async function mailedAsHtml(
  htmlMail: HtmlMailPort,
  { from, to }: Envelope,
  report: CostReport,
  zone: string,
): Promise<LineStatus> {
  try {
    const asking = to.map(async (address) => ({ address, on: await asked(() => htmlMail.suppression(address)) }));
    const list = await Promise.all(asking);
    const stopped = list.find(({ on }) => on.kind === 'known' && on.value !== undefined);
    if (stopped?.on.kind === 'known') return suppressed(stopped.address, stopped.on.value ?? '');
    const line = armed(from, list.find(({ on }) => on.kind === 'unavailable')?.on);
    const told = withLine(report, line);
    const { subject, body } = reportMail(told, zone);
    await htmlMail.send({ from, to, subject, text: body, html: reportHtml(told, zone) });
    return line;
  } catch (error) {
    return refused(error);
  }
}

const LINE = 'HTML mail';

/**
 * In the sandbox the list cannot be read at all (https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html, read
 * 2026-11-29), so that not knowing it is no reason to send no HTML.
 */
function armed(from: string, unread: Reading<unknown> | undefined): LineStatus {
  const but =
    unread?.kind === 'unavailable'
      ? `; whether it sends to each address is not known, as in its sandbox: its suppression list: ${unread.why}`
      : '';
  return { line: LINE, state: 'armed', why: `SES sends it from ${from}${but}` };
}

/** SES takes mails to it, and does not send them: nobody would know. */
function suppressed(address: string, reason: string): LineStatus {
  return {
    line: LINE,
    state: 'blind',
    why: `went as text, since ${address} is on the suppression list of SES (${reason})`,
    fix: `To end that, once it can be reached: aws sesv2 delete-suppressed-destination --email-address ${address}`,
  };
}

/** By the names that the SDK documents for SendEmail (@aws-sdk/client-sesv2 3.1164.0). */
const FIXES: Readonly<Record<string, string>> = {
  MessageRejected: 'Verify the sender in SES, in this Region, and in the sandbox each recipient: docs/deploy.md.',
  MailFromDomainNotVerifiedException: 'The MAIL FROM domain of the identity is not verified: see its page in SES.',
  SendingPausedException: 'Sending is paused for the account: see its dashboard in SES.',
  AccountSuspendedException: 'AWS has ended sending for the account: see its dashboard in SES.',
  NotFoundException: 'The identity is not there: verify it in SES, in this Region.',
};

function refused(error: unknown): LineStatus {
  const isRefusal = error instanceof ServiceError && !['timedOut', 'unavailable'].includes(error.refusal);
  const fix = error instanceof ServiceError ? (FIXES[error.errorName] ?? fixOf(error)) : undefined;
  return {
    line: LINE,
    // No answer is no refusal: SES may have sent it.
    state: isRefusal ? 'blind' : 'unknown',
    why: `went as text${isRefusal ? '' : ', and may have gone as HTML too'}: ${saying(error)}`,
    ...(fix !== undefined && { fix }),
  };
}

function fixOf({ refusal }: ServiceError): string | undefined {
  switch (refusal) {
    case 'accessDenied':
      return "Deploy again; the identity's own policy, or a service control policy, may also deny it: docs/deploy.md.";
    case 'throttled':
      return 'Nothing, if it has cleared by tomorrow: the sending quota of SES was used up.';
    default:
      return undefined;
  }
}

/** SES's own words name the addresses that are not verified, which the error's name does not. */
function saying(error: unknown): string {
  return error instanceof ServiceError && error.refusal === 'invalid'
    ? `${whyOf(error)}, "${error.text}"`
    : whyOf(error);
}
