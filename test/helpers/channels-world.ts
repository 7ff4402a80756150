import { createHash, createHmac } from 'node:crypto';
import type { Channel, ChatPort, HttpAnswer, HttpPort } from '../../core/channels';
import { mailAttributes, type Notice } from '../../core/notice';
import { nanoUsd } from '../../core/money';
import type { ChannelsDeps } from '../../lambda/channels/deps';
import type { ChannelsEnv } from '../../lambda/channels/env';
import { makeHandler } from '../../lambda/channels/handler';
import { KeptSecrets } from '../../lambda/channels/secrets';
import { FakeDeliveries } from '../../simulator/fakes/deliveries';
import { FakeMail } from '../../simulator/fakes/mail';
import { FakeSecrets } from '../../simulator/fakes/secrets';
import { ChannelServer } from './channel-server';

export const NOON = Date.parse('2026-11-29T12:00:00Z');
export const ALERTS = 'arn:aws:sns:us-east-1:111111111111:alerts';
export const BUDGETS = 'arn:aws:sns:us-east-1:111111111111:budgets';

const ssm = (name: string) => ({ service: 'ssm', name }) as const;
export const CHANNELS: readonly Channel[] = [
  { name: 'bot', kind: 'slackBot', tells: 'everything', channelId: 'C0123ABCDEF', secret: ssm('/bot') },
  { name: 'hook', kind: 'slackWebhook', tells: 'everything', secret: ssm('/hook') },
  { name: 'card', kind: 'teamsWebhook', tells: 'everything', secret: ssm('/card') },
  { name: 'pager', kind: 'pagerDuty', tells: 'urgent', secret: { service: 'secretsmanager', name: 'pager' } },
  { name: 'own', kind: 'webhook', tells: 'everything', url: 'https://hooks.example.com/webhook', secret: ssm('/own') },
  { name: 'chat', kind: 'slack', tells: 'everything', workspaceId: 'T0123ABCDEF', channelId: 'C0123ABCDEG' },
];
const CHAT_TOPIC = `${ALERTS}-chat`;

/** A message of the alert topic, as Lambda is given it. */
export interface SnsRecord {
  readonly Sns: Readonly<Record<string, unknown>>;
}

/** The function with everything about it in memory: the services by what they check, the table by its conditions. */
export class ChannelsWorld {
  now = NOON;
  readonly server = new ChannelServer();
  readonly deliveries = new FakeDeliveries();
  readonly secrets = { ssm: new FakeSecrets(), secretsmanager: new FakeSecrets() };
  readonly chats: Readonly<Record<string, unknown>>[] = [];
  readonly chat: ChatPort;
  readonly mail: FakeMail;
  readonly lines: Readonly<Record<string, unknown>>[] = [];
  readonly findings: number[] = [];
  /** Mails of its own, which come back by the topic. */
  readonly echoes: SnsRecord[] = [];
  readonly http: HttpPort;
  env: ChannelsEnv;
  private ids = 0;
  private kept: KeptSecrets;

  constructor(channels: readonly Channel[] = CHANNELS) {
    this.server.now = () => this.now;
    this.http = { send: (request): Promise<HttpAnswer> => this.server.answer(request) };
    this.chat = { publish: async (_topic, message) => void this.chats.push(JSON.parse(message) as never) };
    this.mail = new FakeMail((mail) => {
      const attributes = mailAttributes(mail);
      this.echoes.push(this.record({ subject: mail.subject, text: mail.body, attributes }));
    });
    const { ssm: parameters, secretsmanager } = this.secrets;
    parameters.put('/bot', this.server.token);
    parameters.put('/hook', 'https://hooks.slack.com/slack/webhook');
    parameters.put('/card', 'https://prod.example.com/teams/1');
    parameters.put('/own', this.server.webhookSecret);
    secretsmanager.put('pager', this.server.routingKey);
    this.env = {
      ENVIRONMENT: 'prod',
      CHANNELS: channels,
      CHAT_TOPIC_ARNS: { chat: CHAT_TOPIC },
      ALERT_TOPIC_ARN: ALERTS,
      STATE_TABLE_NAME: 'state',
      DASHBOARD: 'false',
    };
    this.kept = new KeptSecrets(this.deps);
  }

  get deps(): ChannelsDeps {
    return {
      deliveries: this.deliveries,
      secrets: this.secrets,
      http: this.http,
      chat: this.chat,
      mail: this.mail,
      metrics: {
        record: (_environment, values, fields) => {
          this.findings.push(values.find(({ metric }) => metric.name === 'Findings')?.value ?? 0);
          this.lines.push(fields);
        },
      },
      digest: {
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        sign: (key, text) => createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64'),
      },
      endpoints: { slack: 'https://slack.com/api', pagerDuty: 'https://events.pagerduty.com', mayLoopback: false },
      now: () => this.now,
    };
  }

  run(event: unknown) {
    return makeHandler(this.deps, this.env, this.kept)(event);
  }

  /** A function that was started anew has read no secret. */
  coldStart(): void {
    this.kept = new KeptSecrets(this.deps);
  }

  catchUp() {
    return this.run({ source: 'schedule' });
  }

  tell(...notices: readonly Notice[]) {
    return this.run({ Records: notices.map((notice) => this.recordOf(notice)) });
  }

  recordOf(...notices: readonly Notice[]): SnsRecord {
    const [first] = notices;
    const subject = `[prod] ${first?.title ?? ''}`;
    const mail = { subject, body: 'text', notices };
    return this.record({ subject, text: 'text', attributes: mailAttributes(mail) });
  }

  record(message: {
    readonly subject?: string;
    readonly text: string;
    readonly topicArn?: string;
    readonly attributes?: Readonly<Record<string, string>>;
  }): SnsRecord {
    const { subject, text, topicArn = ALERTS, attributes = {} } = message;
    return {
      Sns: {
        Type: 'Notification',
        TopicArn: topicArn,
        MessageId: `message-${++this.ids}`,
        ...(subject !== undefined && { Subject: subject }),
        Message: text,
        Timestamp: new Date(this.now).toISOString(),
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, Value]) => [name, { Type: 'String', Value }]),
        ),
      },
    };
  }

  posts(service: string): readonly Readonly<Record<string, unknown>>[] {
    return this.server.posts.filter((one) => one.service === service).map(({ body }) => body);
  }
}

export function noticeOf(told: Partial<Notice> = {}): Notice {
  const { fact = 'line|80', status = 'firing', at = NOON } = told;
  return {
    schemaVersion: 1,
    environment: 'prod',
    source: 'meter',
    key: `${fact}|${status}|${at}`,
    fact,
    status,
    urgency: status === 'resolved' ? 'info' : 'critical',
    at,
    title: status === 'resolved' ? 'Spend is under 80% again' : 'Spend has reached 80%',
    happened: ['The month has cost $41.20 so far.'],
    spend: { amount: nanoUsd(41_200_000_000), limit: nanoUsd(50_000_000_000) },
    todo: ['Look who spends: npx spend-guard costs --environment prod', 'Raise the limit if that is meant.'],
    who: 'Whoever may run the command line',
    runbook: 'findings',
    ...told,
  };
}
