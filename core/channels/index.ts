export { isLouder, openCall, writtenCall } from './call';
export { chatMessage } from './chat';
export { type Attempt, isClaimed } from './attempt';
export { accept, begin, type Delivery, isFiring, isOpen, settle } from './delivery';
export { type Home, homeName, homeOf } from './home';
export { incomingNotices } from './incoming';
export { ALARMS_WITHOUT_END } from './incoming-alarm';
export type { Incoming } from './incoming-message';
export type { Outcome } from './outcome';
export { type PagerDutyCalls, pagerDutyCalls, pagerDutyOutcome } from './pager-duty';
export {
  isSilent,
  isWithin,
  latestOf,
  leavingsOf,
  type Leaving,
  parted,
  type Parting,
  partingLine,
  partingMail,
  partingOf,
} from './parting';
export { placeOf } from './place';
export type {
  ChatPort,
  DeliveriesPort,
  DigestPort,
  HttpAnswer,
  HttpPort,
  HttpRequest,
  Secret,
  SecretsPort,
} from './ports';
export { isSendable, secretOf } from './secret-form';
export {
  type SlackCall,
  slackBotOutcome,
  slackBotRequest,
  slackFound,
  slackHistoryRequest,
  slackWebhookOutcome,
  slackWebhookRequest,
} from './slack';
export { teamsOutcome, teamsRequest } from './teams';
export { tellingOf } from './telling';
export {
  afterMail,
  afterRun,
  type ChannelState,
  CHECKED_MS,
  claimMail,
  freshState,
  isPaused,
  isToldOf,
  mailDue,
  SECRETS,
  type Seen,
  stateAt,
  troubleFix,
  troubleMail,
} from './trouble';
export { CHAT_KINDS, type Channel, type ChannelKind, type SecretPlace } from './types';
export { webhookOutcome, webhookRequest } from './webhook';
