export { CHAT_KINDS, type Channel, type ChannelKind, type SecretPlace } from './types';
