import { utcTime } from '../../core/calendar';
import { asPercent, formatUsd, nanoUsd, type NanoUsd } from '../../core/money';
import {
  type AccountDocument,
  type Attention,
  brakeWords,
  type OrganizationDocument,
  percentText,
  spentText,
  standingText,
} from '../../core/organization';
import type { Reading } from '../../core/reading';
import { aligned } from '../../core/report';
import type { Line, Tone } from '../result';

/** What an organisation's roll-up says to people, the verdict first. */

/** How much of it is shown; an organisation may have hundreds of accounts. */
export interface Most {
  readonly accounts: number;
  /** Of one kind of what needs a look; what waits for a decision is shown in any case. */
  readonly attention: number;
}

/** So that the verdict stays on a screen. */
export const BRIEF: Most = { accounts: 40, attention: 10 };
export const WHOLE: Most = { accounts: Infinity, attention: Infinity };

/** Accounts of which the same is said, in one line. */
const IN_A_LINE = 5;

const TONES: Readonly<Record<Attention['kind'], Tone>> = {
  decision: 'bad',
  brake: 'bad',
  over: 'bad',
  unknown: 'warning',
  silent: 'warning',
  unheard: 'warning',
  unlisted: 'warning',
};

export function organizationLines(document: OrganizationDocument, most: Most): readonly Line[] {
  const { attention, accounts } = document;
  return [
    verdict(document),
    `  by what ${counted(accounts.length, 'account has', 'accounts have')} told, as of ${utcTime(Date.parse(document.at))}`,
    ...attentionLines(attention, most),
    ...accountLines(accounts, most),
    ...accounts.flatMap(overrideLine),
  ];
}

function verdict(document: OrganizationDocument): Line {
  const { attention, month, limitNano } = document;
  const decisions = attention.filter(({ kind }) => kind === 'decision').length;
  const spent = `${spentText(spentOf(document))} of ${formatUsd(nanoUsd(limitNano))} in ${month}`;
  if (decisions > 0) {
    return { text: `${counted(decisions, 'account needs', 'accounts need')} your decision: ${spent}`, tone: 'bad' };
  }
  if (attention.length === 0) return { text: `All is well: ${spent}`, tone: 'good' };
  return { text: `${counted(attention.length, 'thing needs', 'things need')} a look: ${spent}`, tone: 'warning' };
}

function attentionLines(attention: readonly Attention[], most: Most): readonly Line[] {
  if (attention.length === 0) return [];
  const kinds = [...new Set(attention.map(({ kind }) => kind))];
  return ['', 'What needs a look', ...kinds.flatMap((kind) => kindLines(kind, attention, most))];
}

function kindLines(kind: Attention['kind'], attention: readonly Attention[], most: Most): readonly Line[] {
  const all = attention.filter((one) => one.kind === kind);
  const shown = all.slice(0, kind === 'decision' ? undefined : most.attention * IN_A_LINE);
  const texts = [...new Set(shown.map(({ text }) => text))].slice(0, kind === 'decision' ? undefined : most.attention);
  const said = shown.filter(({ text }) => texts.includes(text));
  const lines = texts.flatMap((text): readonly Line[] => {
    const same = said.filter((one) => one.text === text);
    const of = same.flatMap(({ account }) => account ?? []);
    return [
      { text: `  ${kind.padEnd(9)} ${of.length === 0 ? '' : `${of.join(', ')}: `}${text}`, tone: TONES[kind] },
      ...same.flatMap(({ command }) => (command === undefined ? [] : [`${' '.repeat(12)}${command}`])),
    ];
  });
  const left = all.length - said.length;
  return left === 0 ? lines : [...lines, `  ${kind.padEnd(9)} and ${left} more`];
}

/** By their share of the limit; unknown ones come last, as they are named above. */
function accountLines(accounts: readonly AccountDocument[], most: Most): readonly Line[] {
  const sorted = accounts.toSorted((a, b) => shareOf(b) - shareOf(a) || (a.account < b.account ? -1 : 1));
  const shown = sorted.slice(0, most.accounts);
  const left = sorted.length - shown.length;
  return [
    '',
    'Accounts',
    ...aligned(shown.map(cellsOf), 3).map((line) => `  ${line}`.trimEnd()),
    ...(left === 0 ? [] : [`  and ${left} more, with no more of their limits: npx spend-guard organization report`]),
  ];
}

function cellsOf(one: AccountDocument): readonly string[] {
  const { account, listed, environments, brake, limitNano } = one;
  const spent = spentOf(one);
  const limit = nanoUsd(limitNano);
  const states = environments.map((environment) => standingText(environment, environment.silent));
  return [
    listed ? account : `${account} (unlisted)`,
    states.length === 0 ? 'unheard' : states.join(', '),
    `brake: ${brakeWords(brake.status, brake.mode, brake.override !== undefined)}`,
    spentText(spent),
    `of ${formatUsd(limit)}`,
    percentText(spent, limit),
  ];
}

function shareOf({ spentNano, limitNano }: AccountDocument): number {
  return spentNano === null ? -1 : asPercent(nanoUsd(spentNano), nanoUsd(limitNano));
}

function overrideLine({ account, brake: { override } }: AccountDocument): readonly Line[] {
  if (override === undefined) return [];
  const { by, reason, until } = override;
  const end = until === undefined ? "the month's end" : utcTime(Date.parse(until));
  return [{ text: `  override of ${account} by ${by}, until ${end}: ${reason}`, tone: 'warning' }];
}

/** Of one account, as part of a sentence. */
export function spentThisMonth(one: AccountDocument): string {
  const spent = spentOf(one);
  const limit = formatUsd(nanoUsd(one.limitNano));
  return spent.kind === 'known'
    ? `${spentText(spent)} of ${limit} is spent this month`
    : `what it has spent of ${limit} is unknown: ${spent.why}`;
}

function spentOf({ spentNano, atLeast, why = 'nobody has told' }: Spent): Reading<{
  readonly amount: NanoUsd;
  readonly atLeast: boolean;
}> {
  return spentNano === null
    ? { kind: 'unavailable', why }
    : { kind: 'known', value: { amount: nanoUsd(spentNano), atLeast } };
}

type Spent = Pick<AccountDocument, 'spentNano' | 'atLeast' | 'why'>;

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
