import {
  type Attempt,
  type Channel,
  chatMessage,
  type Delivery,
  type Home,
  homeName,
  homeOf,
  isLouder,
  isSendable,
  openCall,
  type Outcome,
  pagerDutyCalls,
  pagerDutyOutcome,
  type PagerDutyCalls,
  type SlackCall,
  slackBotOutcome,
  slackBotRequest,
  slackFound,
  slackHistoryRequest,
  slackWebhookOutcome,
  slackWebhookRequest,
  teamsOutcome,
  teamsRequest,
  tellingOf,
  webhookOutcome,
  webhookRequest,
  writtenCall,
} from '../../core/channels';
import { DAY_MS, MINUTE_MS } from '../../core/calendar';
import { ServiceError } from '../../core/errors';
import type { ChannelsDeps } from './deps';
import type { ChannelsEnv } from './env';

/** Of one request, from the connection to the last byte of the answer. */
const REQUEST_MS = 10_000;
/** Clocks of Slack and of Lambda differ. */
const SKEW_MS = 5 * MINUTE_MS;
/** Where nothing was said of an episode for so long its message is too far up to be changed unseen. */
const STALE_MS = DAY_MS;

export interface ToSend {
  readonly channel: Channel;
  /** Undefined for what needs none. */
  readonly secret: string | undefined;
  readonly delivery: Delivery;
  readonly attempt: Attempt;
}

/** One message to one channel, once. */
export async function sendOne(
  deps: ChannelsDeps,
  env: ChannelsEnv,
  { channel, secret, ...sent }: ToSend,
): Promise<Outcome> {
  const { delivery, attempt } = sent;
  const { notice, isDoubtful } = attempt;
  const { http, digest, endpoints } = deps;
  const now = deps.now();
  const home = homeOf(env.ALERT_TOPIC_ARN);
  const where = homeName(home, env.ENVIRONMENT);
  const id = `msg_${digest.sha256(`${where}|${channel.name}|${notice.fact}|${notice.key}`).slice(0, 40)}`;
  // What was refused as it was may be taken in short.
  const how = { home, isAgain: isDoubtful, isPlain: attempt.isRefused };
  const telling = () => tellingOf(notice, how);
  switch (channel.kind) {
    case 'slack':
    case 'teams': {
      const threadId = digest.sha256(`${where}|${notice.fact}`).slice(0, 40);
      const message = chatMessage(channel.kind, notice, { id, threadId }, how);
      return published(deps, env.CHAT_TOPIC_ARNS[channel.name], message);
    }
    case 'slackWebhook':
      return slackWebhookOutcome(await http.send(slackWebhookRequest(given(secret), telling()), REQUEST_MS), now);
    case 'teamsWebhook':
      return teamsOutcome(await http.send(teamsRequest(given(secret), telling()), REQUEST_MS), now);
    case 'pagerDuty': {
      const call = { events: endpoints.pagerDuty, routingKey: given(secret), home };
      // Its key tells it that it is the same: people need not.
      return byPager(deps, pagerDutyCalls(call, notice, digest, { ...how, isAgain: false }, openCall(delivery.told)));
    }
    case 'webhook': {
      if (!isSendable(channel.url, endpoints.mayLoopback)) {
        return { kind: 'refused', of: 'channel', code: 'gone', why: 'its address is none of HTTPS' };
      }
      const request = webhookRequest({ url: channel.url, key: given(secret), id, now, home }, notice, digest);
      return webhookOutcome(await http.send(request, REQUEST_MS), now);
    }
    case 'slackBot':
      return byBot(deps, { api: endpoints.slack, token: given(secret), channelId: channel.channelId }, sent, {
        id,
        home,
      });
  }
}

async function byPager({ http, now }: ChannelsDeps, { requests, ref }: PagerDutyCalls): Promise<Outcome> {
  for (const [at, request] of requests.entries()) {
    const outcome = pagerDutyOutcome(await http.send(request, REQUEST_MS), now());
    // Where one of several was taken all are sent again, and before any later state.
    if (outcome.kind !== 'delivered') return at === 0 ? outcome : { kind: 'doubtful', why: outcome.why };
  }
  return { kind: 'delivered', ...(ref !== undefined && { ref }) };
}

/** Posts, or changes what it has posted, which nobody is called to: not where it is more urgent than that, or that is old. And looks first where it may have come through already. */
async function byBot(
  { http, now }: ChannelsDeps,
  call: SlackCall,
  { delivery: { told }, attempt }: Pick<ToSend, 'delivery' | 'attempt'>,
  { id, home }: { readonly id: string; readonly home: Home },
): Promise<Outcome> {
  const { notice, isDoubtful, isRefused, acceptedAt } = attempt;
  const ask = async (ref: string | undefined, isAgain: boolean) => {
    const telling = tellingOf(notice, { home, isAgain, isPlain: isRefused });
    return slackBotOutcome(await http.send(slackBotRequest(call, telling, id, ref), REQUEST_MS), now());
  };
  const posted = (name: string): Outcome => ({
    kind: 'delivered',
    ref: writtenCall({ urgency: notice.urgency, name }),
  });
  const open = notice.status === 'once' ? undefined : openCall(told);
  if (open !== undefined && told !== undefined) {
    const isStale = notice.at - told.at >= STALE_MS;
    const isAnew = notice.status === 'firing' && (isStale || isLouder(notice.urgency, open.urgency));
    // To change it once more changes nothing.
    const outcome = isAnew ? undefined : await ask(open.name, false);
    if (outcome?.kind === 'delivered') return posted(open.name);
    if (outcome !== undefined && outcome.kind !== 'noMessage') return outcome;
  }
  let isUnseen = false;
  if (isDoubtful) {
    const answer = await http.send(slackHistoryRequest(call, acceptedAt - SKEW_MS), REQUEST_MS);
    const found = slackFound(answer, id);
    if (found.kind === 'found') return posted(found.ref);
    if (found.kind === 'unknown') {
      const outcome = slackBotOutcome(answer, now());
      const isKnown = outcome.kind === 'refused' || outcome.kind === 'later';
      return isKnown ? outcome : { kind: 'later', why: 'Slack does not say whether an earlier message is there' };
    }
    isUnseen = found.kind === 'forbidden';
  }
  const outcome = await ask(undefined, isUnseen);
  if (outcome.kind === 'noMessage')
    return { kind: 'refused', of: 'message', code: 'messageRefused', why: 'Slack misses a message that was not named' };
  return outcome.kind === 'delivered' && outcome.ref !== undefined ? posted(outcome.ref) : outcome;
}

async function published({ chat }: ChannelsDeps, topicArn: string | undefined, message: string): Promise<Outcome> {
  if (topicArn === undefined) {
    return { kind: 'refused', of: 'channel', code: 'gone', why: 'the function knows no topic of it: deploy again' };
  }
  try {
    await chat.publish(topicArn, message);
    return { kind: 'delivered' };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const why = `SNS answers ${error.errorName}`;
    switch (error.refusal) {
      case 'accessDenied':
        return { kind: 'refused', of: 'channel', code: 'notAllowed', why };
      case 'notFound':
        return { kind: 'refused', of: 'channel', code: 'gone', why };
      case 'invalid':
        return { kind: 'refused', of: 'message', code: 'messageRefused', why };
      case 'timedOut':
        return { kind: 'doubtful', why };
      case 'unavailable':
        // Without a status no answer came.
        return { kind: error.httpStatus === undefined ? 'doubtful' : 'later', why };
      case 'throttled':
      case 'other':
        return { kind: 'later', why };
    }
  }
}

/** Who has one never gets here without it. */
function given(secret: string | undefined): string {
  if (secret === undefined) throw new TypeError('a channel that needs a secret has none');
  return secret;
}
