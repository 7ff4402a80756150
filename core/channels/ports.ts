import type { ChannelState } from './trouble';
import type { Delivery } from './delivery';
import type { SecretPlace } from './types';

/** What is remembered of all channels, whether or not the config still has them. */
export interface Remembered {
  /** Those of which something is left to be told. */
  readonly deliveries: readonly Delivery[];
  /** Of the others those that stand as firing at the channel, or where it was. */
  readonly firing: readonly Delivery[];
  readonly states: readonly ChannelState[];
}

/** What channels were told, and how it stands with them. */
export interface DeliveriesPort {
  /** @throws ServiceError; GuardError ANSWER_INVALID where the item is not of this version */
  delivery(channel: string, fact: string): Promise<Delivery | undefined>;
  /** What cannot be read is named, and hides nothing else. */
  all(): Promise<Remembered & { readonly unread: readonly string[] }>;
  /** @param replaces revision of the item that stands there; 0: none must @throws GuardError STATE_CONFLICT; ServiceError */
  saveDelivery(delivery: Delivery, replaces: number): Promise<void>;
  state(channel: string): Promise<ChannelState | undefined>;
  /** @param replaces as above */
  saveState(state: ChannelState, replaces: number): Promise<void>;
}

export type Secret =
  /** `version` changes with the value, and is none. */
  | { readonly kind: 'value'; readonly value: string; readonly version: string }
  | { readonly kind: 'missing' }
  /** It is there, and has no value, or one that is no text. */
  | { readonly kind: 'noText' }
  /** It is there, scheduled for deletion, and takes no value until it is restored. */
  | { readonly kind: 'inDeletion' }
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'unavailable'; readonly why: string };

/** One of the two services that keep secrets. */
export interface SecretsPort {
  read(name: SecretPlace['name']): Promise<Secret>;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** `why` holds neither address nor secret. */
export type HttpAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string; readonly body: string }
  /** Nothing left this machine: no such host, no connection, no TLS. */
  | { readonly kind: 'unsent'; readonly why: string }
  /** It was sent, at least in part, and no whole answer came. */
  | { readonly kind: 'unanswered'; readonly why: string };

/** HTTPS alone, and no redirects. */
export interface HttpPort {
  send(request: HttpRequest, withinMs: number): Promise<HttpAnswer>;
}

/** A topic that Amazon Q Developer in chat applications reads. */
export interface ChatPort {
  /** @param message JSON of a custom notification @throws ServiceError */
  publish(topicArn: string, message: string): Promise<void>;
}

/** What core has no code for. */
export interface DigestPort {
  /** Hexadecimal. */
  sha256(text: string): string;
  /** HMAC-SHA256 in Base64. @param key in Base64 */
  sign(key: string, text: string): string;
}
