import { closest, distance } from 'fastest-levenshtein';
import { CHAT_KINDS } from '../core/channels';
import { channelSchema, type ChannelInput } from './channel-shapes';
import { pathText, type Problem } from './problems';
import { isPublicHost } from './public-address';
import { regions } from './regions';
import { pathUnlessSecret, REVOKE, secretIn } from './secrets';

/** More would only be told the same: of a message in ten channels nobody reads the tenth. */
const MOST_CHANNELS = 20;

/** Parameters of an address that hold a secret: a webhook is signed, its address is read by whoever reads the template. */
const SECRET_PARAMETERS =
  /^(sig|signature|token|access_?token|key|api_?key|secret|password|passwd|pwd|auth|authorization|code)$/i;

/** Of other kinds, each with the kind that knows its format. */
const KIND_OF_HOST: readonly { readonly host: RegExp; readonly kind: string }[] = [
  { host: /(^|\.)hooks\.slack(-gov)?\.com$/, kind: 'slackWebhook' },
  { host: /\.(webhook\.office\.com|logic\.azure\.(com|us)|powerplatform\.com)$/, kind: 'teamsWebhook' },
  { host: /(^|\.)pagerduty\.com$/, kind: 'pagerDuty' },
];

/** The one kind that is told at a host; undefined: nobody knows whose it is. */
export function kindOfHost(hostname: string): string | undefined {
  const host = hostname.replace(/\.$/, '');
  return KIND_OF_HOST.find((one) => one.host.test(host))?.kind;
}

interface Written {
  readonly name: string;
  readonly channel: ChannelInput;
}

/**
 * What is wrong with channels beside the shape of each value. No text of it repeats what was written where a secret may stand.
 * @param of where they stand: the path of an environment; none for an organisation's file
 * @param raw the environment, or the file, as it was written
 */
export function channelProblems(of: readonly string[], raw: unknown, region: string | undefined): Problem[] {
  const channels = writtenChannels(raw);
  const place = (...keys: readonly string[]) => pathText(pathUnlessSecret([...of, 'channels', ...keys]));
  const count = Object.keys(channels).length;
  const right = rightChannels(channels);
  return [
    ...(count > MOST_CHANNELS
      ? [{ path: place(), text: `has ${count} channels, at most ${MOST_CHANNELS}: tell groups, not people` }]
      : []),
    ...Object.entries(channels).flatMap(([name, channel]) => kindProblems(place(name, 'kind'), channel)),
    ...right.flatMap(({ name, channel }) => urlProblems(place(name, 'url'), channel)),
    ...right.flatMap(({ name, channel }) => partitionProblems(place(name, 'kind'), channel, region)),
    ...sameTargetProblems(right, place),
    ...sharedSecretProblems(right, place),
  ];
}

/**
 * "Slack channel with ID … has already been configured for AWS account": an account has one configuration of a chat's channel
 * (https://github.com/hashicorp/terraform-provider-awscc/issues/1011 and the service's own answer in
 * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1155, read 2026-11-29).
 */
export function sharedChatProblems(
  environments: readonly { readonly name: string; readonly raw: unknown; readonly account: string | undefined }[],
): Problem[] {
  const chats = environments.flatMap(({ name, raw, account }) =>
    rightChannels(writtenChannels(raw))
      .filter(({ channel }) => CHAT_KINDS.includes(channel.kind))
      .map((one) => ({ ...one, environment: name, account, target: targetOf(one.channel) })),
  );
  return chats.flatMap((chat, at) => {
    const earlier = chats
      .slice(0, at)
      .find(
        (one) => one.target === chat.target && one.account === chat.account && one.environment !== chat.environment,
      );
    if (earlier === undefined) return [];
    return [
      {
        path: pathText(['environments', chat.environment, 'channels', chat.name]),
        text: `is told by '${earlier.environment}' already, as '${earlier.name}', and Amazon Q takes a chat's channel once in ${chat.account ?? 'the account of whoever deploys'}: name another channel, or use kind '${chat.channel.kind === 'slack' ? 'slackBot' : 'teamsWebhook'}' here`,
      },
    ];
  });
}

function writtenChannels(raw: unknown): Readonly<Record<string, unknown>> {
  const channels = (raw as { channels?: unknown } | null | undefined)?.channels;
  return typeof channels === 'object' && channels !== null ? (channels as Record<string, unknown>) : {};
}

function rightChannels(channels: Readonly<Record<string, unknown>>): readonly Written[] {
  return Object.entries(channels).flatMap(([name, raw]) => {
    const parsed = channelSchema.safeParse(raw);
    return parsed.success ? [{ name, channel: parsed.data }] : [];
  });
}

const KINDS = channelSchema.options.map((option) => option.shape.kind.value);

/** With more letters off another thing was meant than the kind that is nearest. */
const MOST_LETTERS_OFF = 2;

/** zod says only that no kind has matched. */
function kindProblems(path: string, channel: unknown): Problem[] {
  if (typeof channel !== 'object' || channel === null) return [];
  const { kind } = channel as { kind?: unknown };
  if ((KINDS as readonly unknown[]).includes(kind)) return [];
  const list = `must be ${KINDS.map((one) => `'${one}'`).join(' or ')}`;
  if (typeof kind !== 'string') return [{ path, text: `${list}, got ${kind === undefined ? 'nothing' : typeof kind}` }];
  if (kind.length > 20 || secretIn(kind) !== undefined) return [{ path, text: `${list}, got something else` }];
  const nearest = closest(kind, KINDS);
  const hint =
    distance(kind, nearest) <= MOST_LETTERS_OFF
      ? `nearest: '${nearest}'`
      : "what has no kind of its own is told by 'webhook', if it takes Standard Webhooks or something of yours before it does";
  return [{ path, text: `${list}, got '${kind}'; ${hint}` }];
}

/** An address stands in the template, where whoever may look at the stack reads it. */
function urlProblems(path: string, channel: ChannelInput): Problem[] {
  if (channel.kind !== 'webhook') return [];
  const url = new URL(channel.url);
  const kind = kindOfHost(url.hostname);
  if (kind !== undefined) {
    return [
      {
        path,
        text: `is an address of its own kind: use kind '${kind}', whose secret is not written here; not shown: ${REVOKE}`,
      },
    ];
  }
  if (!isPublicHost(url.hostname)) {
    return [
      { path, text: 'must be an address of the internet: the function reaches no local or private one; not shown' },
    ];
  }
  const secrets = [...url.searchParams.keys()].filter((name) => SECRET_PARAMETERS.test(name));
  const hasSecret = [channel.url, decodeURIComponentOr(url.href)].some((text) => secretIn(text) !== undefined);
  return [
    ...(url.username !== '' || url.password !== ''
      ? [{ path, text: `must have no name and password in it: the template would show them; not shown: ${REVOKE}` }]
      : []),
    ...(secrets.length > 0 || hasSecret
      ? [
          {
            path,
            text: `must have no secret in it, as ${secrets.length > 0 ? `its ${secrets.join(', ')} seems to be` : 'a part of it seems to be'}: the template would show it, and what is sent is signed; not shown: ${REVOKE}`,
          },
        ]
      : []),
    ...(url.hash === '' ? [] : [{ path, text: "must have no part after '#', which no server is sent; not shown" }]),
  ];
}

/** The types AWS::Chatbot::* are in all commercial Regions, by the schemas that config/regions.ts rests on, and in no other partition. */
function partitionProblems(path: string, channel: ChannelInput, region: string | undefined): Problem[] {
  const partition = region === undefined ? undefined : regions[region]?.partition;
  if (!CHAT_KINDS.includes(channel.kind) || partition === undefined || partition === 'aws') return [];
  const other = channel.kind === 'slack' ? "'slackBot' or 'slackWebhook'" : "'teamsWebhook'";
  return [
    { path, text: `must be ${other}: CloudFormation has no Amazon Q for chats in ${region}, got '${channel.kind}'` },
  ];
}

/** What two channels must not share, or people are told everything twice. */
function targetOf(channel: ChannelInput): string {
  switch (channel.kind) {
    case 'slack':
    case 'slackBot':
      return `slack ${channel.channelId}`;
    case 'teams':
      return `teams ${channel.tenantId} ${channel.teamId} ${decodeURIComponentOr(channel.channelId)}`.toLowerCase();
    case 'webhook':
      return `webhook ${new URL(channel.url).href}`;
    default:
      return `${channel.kind} ${channel.secret}`;
  }
}

function decodeURIComponentOr(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function sameTargetProblems(channels: readonly Written[], place: (...keys: readonly string[]) => string): Problem[] {
  return channels.flatMap(({ name, channel }, at) => {
    const earlier = channels.slice(0, at).find((one) => targetOf(one.channel) === targetOf(channel));
    return earlier === undefined
      ? []
      : [{ path: place(name), text: `tells whom '${earlier.name}' tells already: keep one of them` }];
  });
}

/** A URL, a token and a key are one secret each: of two kinds one would never be delivered. */
function sharedSecretProblems(channels: readonly Written[], place: (...keys: readonly string[]) => string): Problem[] {
  return channels.flatMap(({ name, channel }, at) => {
    if (!('secret' in channel)) return [];
    const earlier = channels
      .slice(0, at)
      .find(
        (one) => 'secret' in one.channel && one.channel.secret === channel.secret && one.channel.kind !== channel.kind,
      );
    return earlier === undefined
      ? []
      : [
          {
            path: place(name, 'secret'),
            text: `is that of '${earlier.name}', which is of kind '${earlier.channel.kind}' and holds something else than '${channel.kind}' needs; got '${channel.secret}'`,
          },
        ];
  });
}
