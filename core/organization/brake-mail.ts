import { HUB } from '../hub';
import { asciiSubject, type Mail, runbookLine } from '../mail';
import { type Notice, noticeOf, type NoticeStand } from '../notice';
import { formatUsd } from '../money';
import type { AccountStand } from './account';
import type { BrakeFailure, BrakeHold } from './brake-record';
import { approveCommand, liftCommand } from './commands';
import { firstOf } from './first-of';

/** A heading of docs/runbook.md. */
export const BRAKE_RUNBOOK = 'organization-brake';

const DENIES =
  "A service control policy denies all that costs on Amazon Bedrock to everybody in the account, but for the roles of the config's neverStop.";

export function approvalMail(stand: AccountStand, hold: BrakeHold, at: number): Mail {
  const lines = [`Account ${stand.account}: ${hold.reason}.`, ...spentLines(stand)];
  const command = approveCommand(stand.account, hold);
  const good = `It is good for this decision alone, until the end of ${hold.month} (UTC). ${DENIES}`;
  return mail(
    `${stand.account}: its brake needs your approval`,
    [...lines, '', 'Nothing is denied yet. To attach the brake:', '', `    ${command}`, '', good],
    at,
    { ...firing(stand), lines, todo: ['Nothing is denied yet. To attach the brake:', command, good] },
  );
}

/** Who was asked need not decide any more. */
export function endedMail(stand: AccountStand, why: string, at: number): Mail {
  const lines = [`Account ${stand.account}: ${why}. Nothing was denied.`];
  return mail(`${stand.account}: its brake needs no approval any more`, lines, at, {
    ...resolved(stand.account),
    lines,
  });
}

export function attachedMail(stand: AccountStand, hold: BrakeHold | undefined, at: number): Mail {
  const lines = [
    `Account ${stand.account}: ${hold?.reason ?? 'it was wanted before'}.`,
    ...(hold?.by === undefined ? [] : [`Ordered by ${hold.by}.`]),
    ...spentLines(stand),
  ];
  const until =
    hold?.cause === 'ordered'
      ? 'It stays until somebody ends it:'
      : 'It is detached with the new month (UTC), or when somebody says so before:';
  const command = liftCommand(stand.account);
  return mail(`${stand.account}: the brake is attached`, [...lines, '', DENIES, until, '', `    ${command}`], at, {
    ...firing(stand),
    lines: [...lines, DENIES],
    todo: [until, command],
  });
}

export function detachedMail(account: string, why: string, at: number): Mail {
  const lines = [
    `Account ${account}: the organisation's policy denies nothing there any more; the account's own guard goes on.`,
    `Why: ${why}.`,
  ];
  return mail(`${account}: the brake is detached`, lines, at, { ...resolved(account), lines });
}

export function failedMail(stand: AccountStand, { did, why, since }: BrakeFailure): Mail {
  const lines = UNANSWERED.has(why) ? unansweredLines(stand.account, did) : refusedLines(stand.account, did, why);
  const again = 'Each run tries it again; this is mailed once.';
  return mail(`${stand.account}: the brake could not be ${did}ed`, [...lines, fixOf(why), again], since, {
    ...firing(stand),
    lines: [...lines, again],
    todo: why in FIXES ? [fixOf(why)] : [],
  });
}

/** The adapter's own time-out, and the SDK's: AWS Organizations may have done it all the same. */
const UNANSWERED: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError']);

function unansweredLines(account: string, did: BrakeFailure['did']): readonly string[] {
  return [
    `Account ${account}: AWS Organizations has not answered when it was to ${did} the policy.`,
    `Whether it is ${did}ed is not known; the next run looks.`,
  ];
}

function refusedLines(account: string, did: BrakeFailure['did'], why: string): readonly string[] {
  return [
    `Account ${account}: AWS Organizations has refused to ${did} the policy: ${why}.`,
    did === 'attach' ? 'Nothing is denied there.' : 'Calls are still denied there.',
  ];
}

const FIXES: Readonly<Record<string, string>> = {
  MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED:
    'The account has as many service control policies as AWS Organizations takes: detach one that it does not need, or join two.',
  MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED:
    'It is the last service control policy of the account: attach FullAWSAccess to it first.',
  PolicyTypeNotEnabledException:
    'Service control policies are not enabled: do it once in the management account, under AWS Organizations, Policies.',
  TargetNotFoundException: 'AWS Organizations does not know the account: perhaps it has left, or its number is wrong.',
  PolicyNotFoundException: 'The policy itself is gone: deploy the hub again.',
  AccessDeniedException:
    'The function may not do it: the hub runs neither in the management account nor as its delegated administrator for policies, or another policy denies it.',
  AWSOrganizationsNotInUseException: "The hub's account is in no organisation.",
};

function fixOf(why: string): string {
  return FIXES[why] ?? runbookLine(BRAKE_RUNBOOK);
}

function spentLines({ spent, limit, environments }: AccountStand): readonly string[] {
  const silent = environments.filter(({ isSilent }) => isSilent).map(({ stored }) => stored.standing.environment);
  return [
    spent.kind === 'known'
      ? `Spent this month: ${spent.value.atLeast ? 'at least ' : ''}${formatUsd(spent.value.amount)}; limit ${formatUsd(limit)}.`
      : `Spent this month: unknown (${spent.why}); limit ${formatUsd(limit)}.`,
    ...(silent.length === 0 ? [] : [`Silent, and counted as far as they were heard: ${firstOf(silent)}.`]),
  ];
}

/** One fact an account, from the request to its end. */
function firing({ account, spent, limit }: AccountStand): NoticeStand {
  return {
    fact: account,
    status: 'firing',
    urgency: 'critical',
    who: 'The operators of the organisation.',
    ...(spent.kind === 'known' && {
      spend: { amount: spent.value.amount, limit, ...(spent.value.atLeast && { lowerBound: true }) },
    }),
  };
}

function resolved(account: string): NoticeStand {
  return { fact: account, status: 'resolved', urgency: 'info' };
}

function mail(
  subject: string,
  body: readonly string[],
  at: number,
  stand: NoticeStand & { readonly lines: readonly string[] },
): Mail {
  return {
    subject: asciiSubject(`[${HUB}] ${subject}`),
    body: body.join('\n'),
    notices: [noticeFor(subject, at, stand)],
  };
}

function noticeFor(title: string, at: number, stand: NoticeStand & { readonly lines: readonly string[] }): Notice {
  const { fact, lines } = stand;
  return noticeOf(
    { environment: HUB, source: 'organization', key: `${fact}|${title}|${at}`, at },
    { title, lines, runbook: BRAKE_RUNBOOK },
    stand,
  );
}
