import { MINUTE_MS } from '../calendar';
import { formatUsd } from '../money';
import { approveCommand } from './commands';
import { firstOf } from './first-of';
import type { RolledAccount, RollUp } from './roll-up';

/** Something that a person should know of, or decide. */
export interface Attention {
  readonly kind: 'decision' | 'brake' | 'over' | 'silent' | 'unheard' | 'unlisted' | 'unknown';
  /** Absent: it is of the whole organisation. */
  readonly account?: string;
  readonly text: string;
  readonly command?: string;
}

/** Of an account in lines of their own. */
const MOST_SILENT = 5;

/** The brake runs every few minutes; older than this, its look is none. */
const LOOK_IS_OLD_MS = 30 * MINUTE_MS;

/** What needs a person, the most urgent first; by account number within a kind. */
export function attentionOf(rolled: RollUp): readonly Attention[] {
  const found = [...lookAttention(rolled), ...rolled.accounts.flatMap(accountAttention)];
  return ORDER.flatMap((kind) => found.filter((one) => one.kind === kind));
}

const ORDER: readonly Attention['kind'][] = ['decision', 'brake', 'over', 'unknown', 'silent', 'unheard', 'unlisted'];

function lookAttention({ looked, at }: RollUp): readonly Attention[] {
  if (looked.kind === 'unavailable') {
    return [{ kind: 'brake', text: `where the brake's policy is attached is unknown: ${looked.why}` }];
  }
  if (looked.value === undefined) return [{ kind: 'brake', text: 'the brake has never run' }];
  const { foreign, trouble, at: since } = looked.value;
  const isOld = at - since > LOOK_IS_OLD_MS;
  return [
    ...(isOld ? [{ kind: 'brake' as const, text: `the brake has not run since ${iso(since)}` }] : []),
    ...(trouble === undefined
      ? []
      : [{ kind: 'brake' as const, text: `where the brake's policy is attached is unknown: ${trouble}` }]),
    ...foreign.map((target) => ({
      kind: 'brake' as const,
      text: `somebody else has attached the brake's policy to ${target}; the hub does not detach it`,
    })),
  ];
}

function accountAttention(one: RolledAccount): readonly Attention[] {
  const { account } = one;
  return [...brakeAttention(one), ...heardAttention(one)].map((attention) => ({ ...attention, account }));
}

function brakeAttention({ brakeStatus, record, ...stand }: RolledAccount): readonly Attention[] {
  const { hold, failure } = record;
  const found: Attention[] = [];
  if (brakeStatus === 'unreadable') found.push({ kind: 'brake', text: 'the record of its brake cannot be read' });
  if (brakeStatus === 'waiting' && hold !== undefined) {
    const command = approveCommand(stand.account, hold);
    found.push({ kind: 'decision', text: `its brake waits for approval: ${hold.reason}`, command });
  }
  if (failure !== undefined) {
    found.push({ kind: 'brake', text: `its brake could not be ${failure.did}ed: ${failure.why}` });
  } else if (brakeStatus !== 'none' && brakeStatus !== 'waiting' && brakeStatus !== 'unreadable') {
    found.push({ kind: 'brake', text: `brake ${brakeStatus}${hold === undefined ? '' : `: ${hold.reason}`}` });
  }
  const { spent, line, limit } = stand;
  if (hold === undefined && spent.kind === 'known' && spent.value.amount >= line) {
    found.push({
      kind: 'over',
      text: `${formatUsd(spent.value.amount)} is spent of ${formatUsd(limit)}; ${whyNoBrake(stand, record)}`,
    });
  }
  return found;
}

function whyNoBrake(
  { isManagement }: Pick<RolledAccount, 'isManagement'>,
  { override }: RolledAccount['record'],
): string {
  if (override !== undefined) return `${override.by} has said that it goes on: ${override.reason}`;
  return isManagement
    ? 'no service control policy reaches the management account'
    : "the limits file says brake: 'never'";
}

function heardAttention({ heard, environments, unread, spent, isListed }: RolledAccount): readonly Attention[] {
  const found: Attention[] = [];
  const silent = environments.filter(({ isSilent }) => isSilent).map(({ stored }) => stored.standing);
  // One account must not hide the silence of others.
  if (silent.length > MOST_SILENT) {
    found.push({
      kind: 'silent',
      text: `${silent.length} environments are silent: ${firstOf(silent.map((one) => one.environment))}`,
    });
  } else {
    found.push(
      ...silent.map(({ environment, at }) => ({
        kind: 'silent' as const,
        text: `${environment} is silent since ${at}`,
      })),
    );
  }
  if (heard === 'unheard') found.push({ kind: 'unheard', text: 'nothing was ever heard of it' });
  if (unread.length > 0) found.push({ kind: 'unknown', text: `items that cannot be read: ${unread.join(', ')}` });
  for (const { stored, isSilent, spent: amount } of environments) {
    if (isSilent || amount.kind === 'known') continue;
    found.push({ kind: 'unknown', text: `what ${stored.standing.environment} has spent is unknown: ${amount.why}` });
  }
  if (heard !== 'unheard' && !isListed) {
    found.push({ kind: 'unlisted', text: 'is not in the limits file: it goes by the default limit' });
  }
  for (const { stored } of environments) {
    const { environment, blind } = stored.standing;
    if (blind && spent.kind === 'known') found.push({ kind: 'unknown', text: `the meter of ${environment} is blind` });
  }
  return found;
}

function iso(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
