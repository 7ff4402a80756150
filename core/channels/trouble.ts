import { HOUR_MS, MINUTE_MS, utcTime } from '../calendar';
import type { Mail } from '../mail';
import { asciiSubject, runbookLine } from '../mail';
import type { Notice } from '../notice';
import { ownFact } from './delivery';
import type { Outcome, TroubleCode } from './outcome';
import type { Channel, SecretPlace } from './types';

/** What refuses its messages is tried again so often: nobody tells when it is mended, but for a secret that was replaced. */
const REFUSED_PAUSE_MS = HOUR_MS;
const LONGEST_PAUSE_MS = HOUR_MS;
/** What does not answer may come back by itself: people are told after so long. */
export const AWAY_TOLD_MS = 30 * MINUTE_MS;
/** Longer than a mail takes. */
const CLAIM_MS = 2 * MINUTE_MS;
/** So often a secret is read where nothing is to be sent. */
export const CHECKED_MS = HOUR_MS;
/** A heading of docs/runbook.md. */
export const RUNBOOK = 'A channel cannot be told';

export interface Trouble {
  readonly code: TroubleCode;
  readonly why: string;
  readonly since: number;
  /** Where the channel was: the same elsewhere is another trouble. Absent: wherever it is. */
  readonly place?: string;
}

/** How it stands with a channel, and what people were mailed of that. */
export interface ChannelState {
  readonly schemaVersion: 1;
  readonly revision: number;
  readonly channel: string;
  /** Nothing is sent before. */
  readonly pausedUntil: number;
  /** In a row. */
  readonly failures: number;
  /** Of the secret that was refused: another one is tried at once. Never the secret. */
  readonly refusedVersion?: string;
  readonly trouble?: Trouble;
  /** The trouble that people know of. */
  readonly mailed?: Trouble;
  /** The trouble that somebody has begun to mail: people may know of it, and it has an end. */
  readonly mailing?: Trouble;
  /** Somebody is mailing. */
  readonly claimedUntil: number;
  /** When the secret was last found in order. */
  readonly checkedAt: number;
  /** Where it did not take what it was to be told, by `placeOf`. Absent: it took everything, or an earlier release wrote it. */
  readonly place?: string;
}

/** What a run has seen of a channel. */
export interface Seen {
  readonly delivered: number;
  /** Where, by `placeOf`. */
  readonly place: string;
  /** The last thing that went wrong; undefined: nothing did. */
  readonly failure?: Exclude<Outcome, { kind: 'delivered' }>;
  /** Of the secret that was used, or read. */
  readonly secretVersion?: string;
  /** The secret could be read, and is of the right form. */
  readonly isSecretRight: boolean;
  /** Whether messages are left that the channel's service does not take. Undefined: not all were looked at. */
  readonly isRefusing?: boolean;
  /** Whether anything is left to be told. Undefined: not all were looked at. */
  readonly isWaiting?: boolean;
}

export function freshState(channel: string): ChannelState {
  return { schemaVersion: 1, revision: 0, channel, pausedUntil: 0, failures: 0, claimedUntil: 0, checkedAt: 0 };
}

/** Whether nothing of it is wrong, or was: people know of nothing. */
export function isIdle({
  trouble,
  mailed,
  mailing,
  failures,
  pausedUntil,
  claimedUntil,
  refusedVersion,
}: ChannelState): boolean {
  const isClear = [trouble, mailed, mailing, refusedVersion].every((one) => one === undefined);
  return isClear && failures === 0 && pausedUntil === 0 && claimedUntil === 0;
}

/** What was refused at another place is no reason to wait at this one. */
export function stateAt(state: ChannelState, place: string): ChannelState {
  if (state.place === undefined || state.place === place) return state;
  const { refusedVersion: _, ...rest } = state;
  return { ...rest, place, pausedUntil: 0, failures: 0 };
}

/** @returns the same state where nothing has changed */
export function afterRun(read: ChannelState, seen: Seen, now: number): ChannelState {
  const before = stateAt(read, seen.place);
  const { refusedVersion: _, trouble, place: _place, ...rest } = before;
  const checkedAt = seen.isSecretRight && now - before.checkedAt >= CHECKED_MS ? now : before.checkedAt;
  const { failure } = seen;
  if (failure !== undefined) {
    const code = failure.kind === 'refused' ? failure.code : 'away';
    const failures = before.failures + 1;
    const isOfSecret = seen.secretVersion !== undefined && failure.kind === 'refused' && failure.of === 'channel';
    return {
      ...rest,
      revision: before.revision + 1,
      ...{ failures, checkedAt, place: seen.place },
      pausedUntil: Math.max(now + pauseOf(failure, failures), 0),
      ...(isOfSecret && { refusedVersion: seen.secretVersion }),
      trouble: { code, why: failure.why, since: sinceOf(trouble, code, seen.place) ?? now, place: seen.place },
    };
  }
  const isOver = trouble !== undefined && isEnded(trouble, seen);
  if (!isOver && seen.delivered === 0) {
    return checkedAt === before.checkedAt ? read : { ...before, revision: before.revision + 1, checkedAt };
  }
  const isQuiet = before.pausedUntil === 0 && before.failures === 0 && checkedAt === before.checkedAt;
  if (!isOver && isQuiet) return read;
  return {
    ...rest,
    revision: before.revision + 1,
    ...{ pausedUntil: 0, failures: 0, checkedAt },
    ...(!isOver && trouble !== undefined && { trouble }),
  };
}

function sinceOf(trouble: Trouble | undefined, code: TroubleCode, place: string): number | undefined {
  return trouble !== undefined && isSame(trouble, { code, place }) ? trouble.since : undefined;
}

function isSame(one: Pick<Trouble, 'code' | 'place'>, other: Pick<Trouble, 'code' | 'place'>): boolean {
  return one.code === other.code && (one.place ?? other.place) === (other.place ?? one.place);
}

/** Trouble ends by what shows that it has. */
function isEnded({ code }: Trouble, { delivered, isSecretRight, isRefusing, isWaiting }: Seen): boolean {
  switch (code) {
    case 'messageRefused':
      return isRefusing === false;
    case 'secretMissing':
    case 'secretDenied':
    case 'secretInvalid':
      return delivered > 0 || isSecretRight;
    default:
      // With nothing left to be told nobody would ever know.
      return delivered > 0 || isWaiting === false;
  }
}

function pauseOf(failure: NonNullable<Seen['failure']>, failures: number): number {
  if (failure.kind === 'refused') return failure.of === 'message' ? 0 : REFUSED_PAUSE_MS;
  const backoff = Math.min(MINUTE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
  const asked = failure.afterMs ?? 0;
  return Math.min(Math.max(asked, backoff), LONGEST_PAUSE_MS);
}

/** Whether the channel is tried now. @param secretVersion of the secret as it is read now */
export function isPaused(state: ChannelState, secretVersion: string | undefined, now: number): boolean {
  if (state.pausedUntil <= now || state.pausedUntil > now + LONGEST_PAUSE_MS) return false;
  if (secretVersion === undefined) return true;
  const isThereNow = state.trouble?.code.startsWith('secret') === true;
  const isReplaced = state.refusedVersion !== undefined && secretVersion !== state.refusedVersion;
  return !isThereNow && !isReplaced;
}

/** What people are to be mailed of the channel; undefined: they know. */
export function mailDue(state: ChannelState, now: number): 'trouble' | 'end' | undefined {
  const { trouble, mailed } = state;
  const known = mailed ?? state.mailing;
  if (isMailing(state, now)) return undefined;
  if (trouble === undefined) return known === undefined ? undefined : 'end';
  if (mailed !== undefined && isSame(mailed, trouble)) return undefined;
  return isToldOf(trouble, now) ? 'trouble' : undefined;
}

/** Whether another run has begun to, and may still be at it. */
export function isMailing({ claimedUntil }: ChannelState, now: number): boolean {
  return claimedUntil > now && claimedUntil <= now + CLAIM_MS;
}

/** What may pass by itself is no finding yet. */
export function isToldOf({ code, since }: Trouble, now: number): boolean {
  return code !== 'away' || now - since >= AWAY_TOLD_MS;
}

/** To be written before the mail is sent: of two runs one mails. @param of the trouble that is mailed; undefined: something else */
export function claimMail(state: ChannelState, now: number, of?: Trouble): ChannelState {
  const claimed = { ...state, revision: state.revision + 1, claimedUntil: now + CLAIM_MS };
  return of === undefined ? claimed : { ...claimed, mailing: of };
}

/** @param of what was mailed: it may have changed meanwhile */
export function afterMail(state: ChannelState, of: Trouble | undefined): ChannelState {
  const { mailed: _, mailing: _mailing, ...rest } = state;
  return { ...rest, revision: state.revision + 1, claimedUntil: 0, ...(of !== undefined && { mailed: of }) };
}

/** Where the channel is gone its trouble is, and whoever was told of it is told so. */
export function troubleEnd(environment: string, channel: string, { code, since }: Trouble, now: number): Notice {
  const fact = ownFact(channel);
  return {
    ...{ schemaVersion: 1, environment, source: 'health', fact, key: [fact, code, since, 'over'].join('|') },
    ...{ status: 'resolved', urgency: 'warning', at: now },
    title: `Channel ${channel} is no longer in the config`,
    happened: [`That it could not be told since ${utcTime(since)} is over with it.`],
    ...{ todo: [], runbook: RUNBOOK },
  };
}

/** One fact a channel: others are told of it too, and it itself never. */
export function troubleMail(environment: string, channel: Channel, state: ChannelState, now: number): Mail {
  const { trouble, mailed, mailing } = state;
  const of = trouble ?? mailed ?? mailing;
  const isOver = trouble === undefined;
  const title = isOver
    ? `Channel ${channel.name} is told again`
    : `Channel ${channel.name} cannot be told: ${PHRASES[trouble.code]}`;
  const happened = isOver
    ? [`It could not be told since ${utcTime(of?.since ?? now)}; what waited has been sent, or is being sent.`]
    : [
        `Since ${utcTime(trouble.since)}: ${trouble.why}.`,
        'Mails go out all the same. What the channel was to be told waits, for two weeks at most.',
      ];
  const todo = isOver ? [] : [troubleFix(trouble.code, channel)];
  const notice: Notice = {
    ...{ schemaVersion: 1, environment, source: 'health', fact: ownFact(channel.name) },
    key: [ownFact(channel.name), of?.code, of?.since, isOver ? 'over' : 'on'].join('|'),
    status: isOver ? 'resolved' : 'firing',
    urgency: 'warning',
    at: isOver ? now : trouble.since,
    ...{ title, happened, todo, runbook: RUNBOOK },
    ...(isOver ? {} : { who: whoOf(channel) }),
  };
  const body = [`${title}.`, '', ...happened, ...todo.map((step) => `To do: ${step}`), '', runbookLine(RUNBOOK)];
  return { subject: asciiSubject(`[${environment}] ${title}`), body: body.join('\n'), notice };
}

const PHRASES: Readonly<Record<TroubleCode, string>> = {
  secretMissing: 'its secret is missing or empty',
  secretDenied: 'its secret may not be read',
  secretInvalid: 'its secret is of another form',
  revoked: 'its secret is refused',
  gone: 'there is no such channel',
  notAllowed: 'it may not be written to',
  messageRefused: 'it does not take a message',
  away: 'it does not answer',
};

/** What to do about it, for people. */
export function troubleFix(code: TroubleCode, channel: Channel): string {
  const place = 'secret' in channel ? placeName(channel.secret) : 'its topic';
  switch (code) {
    case 'secretMissing':
      return `Write ${SECRETS[channel.kind]} into ${place}, in the account and Region of the guard. No deploy is needed.`;
    case 'secretDenied':
      return `Let the role of the function channels read ${place}: the policy of its key, or of the secret, may deny it.`;
    case 'secretInvalid':
      return `${place} must hold ${SECRETS[channel.kind]}, and nothing else. No deploy is needed.`;
    case 'revoked':
      return `Make a new one and write it into ${place}: ${SECRETS[channel.kind]}. It is taken within five minutes.`;
    case 'gone':
      return `Look whether the channel is there, then write ${SECRETS[channel.kind]} into ${place}, or correct the config.`;
    case 'notAllowed':
      return 'Let it be written to: invite the bot, or lift the restriction of the workspace or team.';
    case 'messageRefused':
      return "Nothing of yours is wrong, most likely: report what the service answered, which is in the function's log.";
    case 'away':
      return 'Look at the status page of the service, or at the address. It is tried again by itself.';
  }
}

/** What stands in the secret of a channel, for people. */
export const SECRETS: Readonly<Record<Channel['kind'], string>> = {
  slack: 'nothing',
  teams: 'nothing',
  slackBot: "the bot's token, xoxb-...",
  slackWebhook: "the webhook's URL, https://hooks.slack.com/services/...",
  teamsWebhook: "the workflow's URL, https://...",
  pagerDuty: 'the integration key, 32 letters and digits',
  webhook: 'what is signed with, whsec_ and 24 bytes or more as Base64',
};

function whoOf(channel: Channel): string {
  return 'secret' in channel ? `Whoever may write ${placeName(channel.secret)}` : 'Whoever administers the workspace';
}

export function placeName({ service, name }: SecretPlace): string {
  return `${service}:${name}`;
}
