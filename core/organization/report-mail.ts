import { HUB } from '../hub';
import { asciiSubject, type Mail, runbookLine } from '../mail';
import { formatUsd, type NanoUsd } from '../money';
import { mailLines, noticeOf, type Notice, type NoticeStand, type Wording } from '../notice';
import type { Reading } from '../reading';
import { aligned } from '../report';
import { percentText as notOverALine } from '../stop-lines';
import type { Spent } from './account';
import { type Attention, attentionOf } from './attention';
import { firstOf } from './first-of';
import type { BrakeMode } from './limits';
import type { BrakeStatus, RolledAccount, RollUp } from './roll-up';
import type { Standing } from './standing';

/** SNS takes 256 KB (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, read 2026-11-29): what is beyond stands on the page. */
const MOST_LINES = 500;

/**
 * The organisation's daily mail: the subject has the figure and whether somebody must decide.
 * @param pageTrouble why the page could not be written
 */
export function organizationMail(rolled: RollUp, timeZone: string, pageTrouble?: string): Mail {
  const attention = attentionOf(rolled);
  return {
    subject: asciiSubject(`[${HUB}] ${totalText(rolled)}: ${headline(attention)}`),
    body: [
      `Spent in ${rolled.month}: ${totalText(rolled)}, by what ${heardOf(rolled)} of ${rolled.accounts.length} accounts have told.`,
      '',
      ...attentionLines(attention),
      'Accounts',
      ...shortened(accountLines(rolled.accounts)),
      ...(pageTrouble === undefined ? [] : ['', `The page could not be written: ${pageTrouble}.`]),
      '',
      `As of ${timeText(rolled.at, timeZone)}. Months are UTC. What accounts tell is their meters' estimate, some minutes old.`,
      runbookLine(RUNBOOK),
    ].join('\n'),
    notices: [reportNotice(rolled, attention)],
  };
}

const RUNBOOK = 'organization-report';
/** Of what needs a look in a chat; all of it stands in the mail. */
const MOST_SHOWN = 8;

function reportNotice(rolled: RollUp, attention: readonly Attention[]): Notice {
  const { spent, limit, at } = rolled;
  const shown = attention.slice(0, MOST_SHOWN);
  const more = attention.length - shown.length;
  return reportedOnce(
    at,
    {
      title: `${totalText(rolled)}: ${headline(attention)}`,
      lines: [
        `Spent in ${rolled.month}: ${totalText(rolled)}, by what ${heardOf(rolled)} of ${rolled.accounts.length} accounts have told.`,
        ...shown.map(({ account, text }) => `${account === undefined ? '' : `${account}: `}${text}`),
        ...(more > 0 ? [`And ${more} more: see the mail.`] : []),
      ],
      todo: shown.flatMap(({ command }) => command ?? []),
      runbook: RUNBOOK,
    },
    {
      urgency: attention.length > 0 ? 'warning' : 'info',
      ...(spent.kind === 'known' && {
        spend: { amount: spent.value.amount, limit, ...(spent.value.atLeast && { lowerBound: true }) },
      }),
    },
  );
}

/** Each report stands for itself. */
function reportedOnce(at: number, wording: Wording, stand: Pick<NoticeStand, 'urgency' | 'spend'>): Notice {
  const id = `report|${at}`;
  return noticeOf({ environment: HUB, source: 'organization', key: id, at }, wording, {
    ...stand,
    fact: id,
    status: 'once',
  });
}

/** Where the hub's table cannot be read. */
export function unknownMail(why: string, at: number): Mail {
  const wording: Wording = {
    title: `unknown: ${why}`,
    lines: [
      `What the accounts have spent is unknown: ${why}.`,
      "The accounts' own guards go on; the brake looks again within minutes.",
    ],
    runbook: RUNBOOK,
  };
  return {
    subject: asciiSubject(`[${HUB}] ${wording.title}`),
    body: mailLines(wording).join('\n'),
    notices: [reportedOnce(at, wording, { urgency: 'warning' })],
  };
}

function heardOf({ accounts }: RollUp): number {
  return accounts.filter(({ spent }) => spent.kind === 'known').length;
}

export function totalText({ spent, limit }: RollUp): string {
  return `${spentText(spent)} of ${formatUsd(limit)}`;
}

export function spentText(spent: Reading<Spent>): string {
  if (spent.kind === 'unavailable') return 'unknown';
  return `${spent.value.atLeast ? 'at least ' : ''}${formatUsd(spent.value.amount)}`;
}

/** For people; decisions compare amounts. */
export function percentText(spent: Reading<Spent>, limit: NanoUsd): string {
  return spent.kind === 'known' && limit > 0 ? notOverALine(spent.value.amount, limit) : '';
}

export function stateText({ environments }: RolledAccount): string {
  if (environments.length === 0) return 'unheard';
  return firstOf(environments.map(({ stored: { standing }, isSilent }) => standingText(standing, isSilent)));
}

export function standingText(
  { environment, desired, enforce }: Pick<Standing, 'environment' | 'desired' | 'enforce'>,
  isSilent: boolean,
): string {
  return `${environment} ${isSilent ? 'silent, last ' : ''}${desired}${enforce ? '' : ' (dry run)'}`;
}

export function brakeText({ brakeStatus, record, brake }: RolledAccount): string {
  return brakeWords(brakeStatus, brake, record.override !== undefined);
}

export function brakeWords(status: BrakeStatus, mode: BrakeMode, isOverridden: boolean): string {
  if (isOverridden) return 'override';
  if (status === 'waiting') return 'waits for approval';
  return status === 'none' && mode === 'never' ? 'never' : status;
}

function headline(attention: readonly Attention[]): string {
  const decisions = attention.filter(({ kind }) => kind === 'decision').length;
  if (decisions > 0) return `${decisions} ${decisions === 1 ? 'account needs' : 'accounts need'} your decision`;
  const [first] = attention;
  if (first === undefined) return 'all is well';
  return `${first.account === undefined ? '' : `${first.account} `}${first.text}`;
}

function attentionLines(attention: readonly Attention[]): readonly string[] {
  if (attention.length === 0) return [];
  const lines = attention.flatMap(({ account, text, command }) => [
    `  ${account === undefined ? '' : `${account}: `}${text}`,
    ...(command === undefined ? [] : [`      ${command}`]),
  ]);
  return ['What needs a look', ...shortened(lines), ''];
}

function accountLines(accounts: readonly RolledAccount[]): readonly string[] {
  const bySpend = accounts.toSorted((a, b) => amountOf(b) - amountOf(a) || (a.account < b.account ? -1 : 1));
  const rows = bySpend.map((one) => [
    one.account,
    stateText(one),
    `brake: ${brakeText(one)}`,
    spentText(one.spent),
    `of ${formatUsd(one.limit)}`,
    percentText(one.spent, one.limit),
  ]);
  return aligned(rows, 3).map((line) => `  ${line}`.trimEnd());
}

/** Unknown stands first: nobody knows that it is less. */
function amountOf({ spent }: RolledAccount): number {
  return spent.kind === 'known' ? spent.value.amount : Number.MAX_SAFE_INTEGER;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `  and ${lines.length - MOST_LINES} lines more, on the page`];
}

function timeText(at: number, timeZone: string): string {
  const options = { dateStyle: 'short', timeStyle: 'short' } as const;
  try {
    return `${new Intl.DateTimeFormat('sv-SE', { ...options, timeZone }).format(at)} ${timeZone}`;
  } catch (error) {
    // A zone that is newer than this Node.
    if (error instanceof RangeError)
      return `${new Intl.DateTimeFormat('sv-SE', { ...options, timeZone: 'UTC' }).format(at)} UTC`;
    throw error;
  }
}
