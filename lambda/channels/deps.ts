import type { ChatPort, DeliveriesPort, DigestPort, HttpPort, SecretPlace, SecretsPort } from '../../core/channels';
import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';

export interface ChannelsDeps {
  readonly deliveries: DeliveriesPort;
  readonly secrets: Readonly<Record<SecretPlace['service'], SecretsPort>>;
  readonly http: HttpPort;
  readonly chat: ChatPort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly digest: DigestPort;
  readonly endpoints: Endpoints;
  readonly now: () => number;
}

/** Of services that have one address for everybody. */
export interface Endpoints {
  /** `https://slack.com/api` */
  readonly slack: string;
  /** `https://events.pagerduty.com` */
  readonly pagerDuty: string;
  /** An address of this machine is sent to without TLS: the local AWS alone. */
  readonly mayLoopback: boolean;
}
