export interface SubscriptionsPort {
  /** The e-mail subscriptions of a topic, over all pages. @throws ServiceError */
  emails(topicArn: string, signal: AbortSignal): Promise<readonly EmailSubscription[]>;
}

export interface EmailSubscription {
  readonly address: string;
  /** `pending`: nobody has followed the link in the confirmation mail. */
  readonly state: 'confirmed' | 'pending' | 'deleted';
}
