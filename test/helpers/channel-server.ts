import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpAnswer, HttpPort, HttpRequest } from '../../core/channels';
import { checkAdaptiveCard, checkPagerDuty, checkSlackMessage, checkWebhook } from './channel-checks';

/** How a service behaves. `lost`: it does what it is asked, and no answer comes back. `deaf`: nothing is done, and no answer comes. */
export type Mode =
  | 'well'
  | 'lost'
  | 'deaf'
  | 'closes'
  | 'refuses-connections'
  | 'revoked'
  | 'gone'
  | 'error-in-200'
  | 'no-history'
  | { readonly status: number; readonly retryAfter?: string; readonly body?: string }
  /** It does what it is asked, and answers so. */
  | { readonly doneThen: number }
  | { readonly slowMs: number };

export type Service = 'slackBot' | 'slackWebhook' | 'teamsWebhook' | 'pagerDuty' | 'webhook';

export interface Post {
  readonly service: Service;
  /** As it was sent. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SlackMessage {
  readonly ts: string;
  body: Readonly<Record<string, unknown>>;
  readonly versions: Readonly<Record<string, unknown>>[];
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
}

/**
 * The services that channels are, by their documentation: each checks what it is sent, answers as it does, and can be ill. Reached by
 * a port in the process, or by real HTTP on this machine.
 */
export class ChannelServer {
  readonly modes = new Map<Service, Mode>();
  hasLongHistory = false;
  /** What is wrong with what was sent: of the format, not of the weather. */
  readonly violations: string[] = [];
  /** What a service took. */
  readonly posts: Post[] = [];
  /** Every request that reached it, also those it refused. */
  readonly requests: { readonly service: Service; readonly url: string }[] = [];
  readonly messages: SlackMessage[] = [];
  /** PagerDuty: incidents that were opened, by service and dedup_key, and whether each is open. */
  readonly incidents: {
    readonly service: string;
    readonly key: string;
    isOpen: boolean;
    readonly summary: string;
  }[] = [];
  /** Ids that the receiver of webhooks has handled, as Standard Webhooks has them dedupe. */
  readonly handled = new Map<string, Readonly<Record<string, unknown>>>();
  token = 'xoxb-1111111111-aaaaaaaaaaaa';
  routingKey = 'R0123456789abcdef0123456789abcde';
  /** Of another service of the same PagerDuty. */
  otherRoutingKey = 'R9876543210fedcba9876543210fedcb';
  webhookSecret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
  now: () => number = Date.now;
  private server: Server | undefined;
  private clock = 1_700_000_000;

  set(service: Service, mode: Mode): void {
    this.modes.set(service, mode);
  }

  /** In the process, without sockets. */
  get port(): HttpPort {
    return { send: async (request) => this.answer(request) };
  }

  async answer(request: HttpRequest): Promise<HttpAnswer> {
    const service = serviceOf(request.url);
    const mode = this.modes.get(service) ?? 'well';
    if (mode === 'refuses-connections') return { kind: 'unsent', why: 'ECONNREFUSED' };
    const reply = await this.reply(service, request);
    if (reply === 'closed') return { kind: 'unanswered', why: 'ECONNRESET' };
    if (reply === 'never') return { kind: 'unanswered', why: 'nothing within 10 s' };
    return { kind: 'answered', ...reply };
  }

  /** @returns the origin, such as `http://127.0.0.1:34567` */
  async listen(): Promise<string> {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        );
        const url = `http://127.0.0.1${incoming.url ?? '/'}`;
        const body = Buffer.concat(chunks).toString('utf8');
        const service = serviceOf(url);
        const mode = this.modes.get(service) ?? 'well';
        const wait = typeof mode === 'object' && 'slowMs' in mode ? mode.slowMs : 0;
        void this.reply(service, { url, method: incoming.method as 'GET' | 'POST', headers, body }).then((reply) => {
          if (reply === 'never') return;
          if (reply === 'closed') {
            incoming.socket.destroy();
            return;
          }
          const retry = reply.retryAfter === undefined ? {} : { 'retry-after': reply.retryAfter };
          setTimeout(
            () => outgoing.writeHead(reply.status, { ...retry, location: '/elsewhere' }).end(reply.body),
            wait,
          );
        });
      });
    });
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async reply(service: Service, request: HttpRequest): Promise<Reply | 'never' | 'closed'> {
    this.requests.push({ service, url: request.url });
    const mode = this.modes.get(service) ?? 'well';
    if (mode === 'deaf') return 'never';
    if (mode === 'closes') return 'closed';
    if (typeof mode === 'object' && 'status' in mode) {
      return {
        status: mode.status,
        body: mode.body ?? '',
        ...(mode.retryAfter !== undefined && { retryAfter: mode.retryAfter }),
      };
    }
    const ill = illAnswer(service, mode);
    if (ill !== undefined) return ill;
    const done = await this.done(service, request);
    if (typeof mode === 'object' && 'doneThen' in mode) return { status: mode.doneThen, body: '' };
    return mode === 'lost' ? 'never' : done;
  }

  private async done(service: Service, request: HttpRequest): Promise<Reply> {
    const { headers } = request;
    if (service === 'slackBot') return this.slackApi(request);
    const text = request.body ?? '';
    if (!(headers['content-type'] ?? '').startsWith('application/json'))
      return this.wrong(service, 415, 'content-type');
    let body: Record<string, unknown>;
    try {
      body = JSON.parse(text) as Record<string, unknown>;
    } catch {
      return this.wrong(service, 400, 'invalid_payload');
    }
    const post = () => void this.posts.push({ service, body, headers });
    switch (service) {
      case 'slackWebhook': {
        const found = checkSlackMessage(body);
        if (found.length > 0) return this.wrong(service, 400, 'invalid_blocks', found);
        post();
        return { status: 200, body: 'ok' };
      }
      case 'teamsWebhook': {
        if (Buffer.byteLength(text) > 28 * 1024) return this.wrong(service, 413, 'RequestEntityTooLarge');
        const found = checkAdaptiveCard(body);
        if (found.length > 0) return this.wrong(service, 400, '{"error":{"code":"InvalidRequest"}}', found);
        post();
        return { status: 202, body: '' };
      }
      case 'pagerDuty': {
        const found = checkPagerDuty(body, text);
        if (found.length > 0)
          return this.wrong(service, 400, JSON.stringify({ status: 'invalid event', errors: found }), found);
        if (body['routing_key'] !== this.routingKey && body['routing_key'] !== this.otherRoutingKey) {
          return { status: 400, body: JSON.stringify({ status: 'invalid event', errors: ['invalid routing_key'] }) };
        }
        this.page(body);
        post();
        return {
          status: 202,
          body: JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: body['dedup_key'] }),
        };
      }
      case 'webhook': {
        const found = await checkWebhook(text, headers, this.webhookSecret, this.now());
        if (found.some((one) => one.startsWith('signature'))) return { status: 401, body: '' };
        if (found.length > 0) return this.wrong(service, 400, '', found);
        const id = headers['webhook-id'] ?? '';
        const before = this.handled.get(id);
        if (before !== undefined && JSON.stringify(before) !== JSON.stringify(body))
          this.violations.push(`${id}: two bodies`);
        this.handled.set(id, body);
        post();
        return { status: 204, body: '' };
      }
    }
  }

  private slackApi({ url, headers, body = '{}' }: HttpRequest): Reply {
    const ok = (answer: object): Reply => ({ status: 200, body: JSON.stringify({ ok: true, ...answer }) });
    const no = (error: string): Reply => ({ status: 200, body: JSON.stringify({ ok: false, error }) });
    if (headers['authorization'] !== `Bearer ${this.token}`) return no('invalid_auth');
    const { pathname, searchParams } = new URL(url);
    if (pathname.endsWith('/conversations.history')) {
      if (this.modes.get('slackBot') === 'no-history') return no('missing_scope');
      const isAll = searchParams.get('include_all_metadata') === 'true';
      const oldest = Number(searchParams.get('oldest') ?? 0);
      const messages = this.messages
        .filter(({ body: sent }) => sent['channel'] === searchParams.get('channel'))
        .filter(({ ts }) => Number(ts) >= oldest || oldest > this.clock)
        .map(({ ts, body: sent }) => ({ ts, ...(isAll && { metadata: sent['metadata'] }) }));
      // A page of it, on which the newest are somebody else's.
      return this.hasLongHistory ? ok({ messages: [], has_more: true }) : ok({ messages });
    }
    const message = JSON.parse(body) as Record<string, unknown>;
    const found = checkSlackMessage(message);
    if (typeof message['channel'] !== 'string') found.push('channel');
    if (found.length > 0) {
      this.violations.push(...found.map((one) => `slackBot: ${one}`));
      return no('invalid_blocks');
    }
    const post = () => void this.posts.push({ service: 'slackBot', body: message, headers });
    if (pathname.endsWith('/chat.update')) {
      const changed = this.messages.find(({ ts }) => ts === message['ts']);
      if (changed === undefined) return no('message_not_found');
      if (changed.body['channel'] !== message['channel']) {
        this.violations.push('slackBot: changes a message of another channel');
        return no('message_not_found');
      }
      changed.body = message;
      changed.versions.push(message);
      post();
      return ok({ ts: changed.ts, channel: message['channel'] });
    }
    const ts = `${this.clock++}.000100`;
    this.messages.push({ ts, body: message, versions: [message] });
    post();
    return ok({ ts, channel: message['channel'], message: {} });
  }

  private page(body: Readonly<Record<string, unknown>>): void {
    const [service, key] = [String(body['routing_key']), String(body['dedup_key'])];
    const open = this.incidents.find((one) => one.service === service && one.key === key && one.isOpen);
    if (body['event_action'] === 'resolve') {
      if (open !== undefined) open.isOpen = false;
    } else if (open === undefined) {
      const { summary } = body['payload'] as { summary: string };
      this.incidents.push({ service, key, isOpen: true, summary });
    }
  }

  private wrong(service: Service, status: number, body: string, found: readonly string[] = [body]): Reply {
    this.violations.push(...found.map((one) => `${service}: ${one}`));
    return { status, body };
  }
}

function illAnswer(service: Service, mode: Mode): Reply | undefined {
  switch (mode) {
    case 'revoked':
      if (service === 'slackBot') return { status: 200, body: '{"ok":false,"error":"token_revoked"}' };
      if (service === 'slackWebhook') return { status: 404, body: 'no_service' };
      if (service === 'pagerDuty')
        return { status: 400, body: '{"status":"invalid event","errors":["invalid routing_key"]}' };
      return { status: 401, body: '' };
    case 'gone':
      if (service === 'slackBot') return { status: 200, body: '{"ok":false,"error":"channel_not_found"}' };
      return service === 'slackWebhook' ? { status: 410, body: 'channel_is_archived' } : { status: 404, body: '' };
    case 'error-in-200':
      if (service === 'slackBot') return { status: 200, body: '{"ok":false,"error":"invalid_blocks"}' };
      if (service === 'slackWebhook') return { status: 200, body: 'invalid_token' };
      return service === 'teamsWebhook'
        ? {
            status: 200,
            body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId',
          }
        : { status: 200, body: 'error' };
    default:
      return undefined;
  }
}

function serviceOf(url: string): Service {
  const { pathname } = new URL(url);
  if (pathname.startsWith('/slack/api/') || pathname.startsWith('/api/')) return 'slackBot';
  if (pathname.startsWith('/slack/')) return 'slackWebhook';
  if (pathname.startsWith('/teams')) return 'teamsWebhook';
  return pathname.startsWith('/v2/enqueue') ? 'pagerDuty' : 'webhook';
}
