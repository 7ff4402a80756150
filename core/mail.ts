/** Reaches the people who subscribed to the alert topic. */
export interface MailPort {
  /** @param subject at most 100 ASCII characters, SNS's limit: the adapter refuses more @param body plain text @throws ServiceError */
  send(mail: Mail): Promise<void>;
}

export interface Mail {
  readonly subject: string;
  readonly body: string;
}
