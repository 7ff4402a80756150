import { MINUTE_MS } from '../../core/calendar';
import type { Channel } from '../../core/channels';
import { ServiceError } from '../../core/errors';
import type { Notice } from '../../core/notice';
import type { ChannelsDeps } from '../../lambda/channels/deps';
import { makeHandler } from '../../lambda/channels/handler';
import { between, type Random, seededRandom } from '../../simulator/random';
import type { Mode } from './channel-server';
import { SERVICES } from './channels-stories';
import { CHANNELS, ChannelsWorld, noticeOf, type SnsRecord } from './channels-world';
import { Crash, CrashPlan } from './crashing';

const MODES: readonly Mode[] = [
  ...(['lost', 'deaf', 'closes', 'refuses-connections', 'revoked', 'gone'] as const),
  ...[{ status: 500 }, { status: 502 }, { status: 429, retryAfter: '60' }, { status: 403 }],
];
/** Where a run may die. */
export const PORTS = ['saveDelivery', 'saveState', 'send', 'publish', 'mail'] as const;

/** How often what was hit, in all stories of a file. */
export const totals = new Map<string, number>();
export const count = (what: string) => void totals.set(what, (totals.get(what) ?? 0) + 1);

/**
 * When the config is deployed anew, which takes channels out, brings them back, and gives their names other places. `between runs`: and
 * nothing crashes.
 */
export type Deploys = 'never' | 'between runs' | 'within runs';
/** Of a run's calls, in how many of a hundred the config is deployed meanwhile. */
const WITHIN = 2;

/** Channels whose services are ill, and whose runs die. */
export class FaultyWorld extends ChannelsWorld {
  chatMode: 'well' | 'lost' | 'throttled' = 'well';
  readonly random: Random;
  /** How often each channel was taken out, or moved. */
  readonly left = new Map<string, number>();
  crashes = 0;

  constructor(
    readonly seed: number,
    readonly deploys: Deploys = 'never',
  ) {
    super();
    this.secrets.secretsmanager.put('pager-2', this.server.otherRoutingKey);
    this.random = seededRandom(seed, 'channels');
  }

  is(percent: number): boolean {
    return this.random() * 100 < percent;
  }

  /** A run of a process of its own, which may die; what is dead does nothing any more. @returns whether it came to its end */
  async process(event: unknown): Promise<boolean> {
    const plan = new CrashPlan();
    const port = PORTS[between(this.random, 0, PORTS.length - 1)]!;
    const nth = port === 'saveDelivery' ? between(this.random, 1, 8) : port === 'send' ? between(this.random, 1, 4) : 1;
    if (this.deploys !== 'between runs' && this.is(50)) plan.set(nth, this.is(50) ? 'before' : 'after');
    let isDead = false;
    const alive = <Args extends readonly unknown[], Answer>(work: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        // Others may come in between.
        for (let turns = between(this.random, 0, 3); turns > 0; turns--) await Promise.resolve();
        if (isDead) throw new Crash('already');
        if (this.deploys === 'within runs' && this.is(WITHIN)) this.deploy('within a run');
        try {
          return await work(...args);
        } catch (error) {
          if (error instanceof Crash) isDead = true;
          if ((error as { code?: string }).code === 'STATE_CONFLICT') count('another run was faster');
          throw error;
        }
      };
    };
    const { deliveries, http, mail } = this.deps;
    const store = {
      delivery: alive((...args: Parameters<typeof deliveries.delivery>) => deliveries.delivery(...args)),
      all: alive(() => deliveries.all()),
      state: alive((channel: string) => deliveries.state(channel)),
      saveDelivery: (...args: Parameters<typeof deliveries.saveDelivery>) => deliveries.saveDelivery(...args),
      saveState: (...args: Parameters<typeof deliveries.saveState>) => deliveries.saveState(...args),
    };
    const net = { send: (...args: Parameters<typeof http.send>) => http.send(...args) };
    const chat = { publish: (topic: string, message: string) => this.publish(topic, message) };
    const post = { mail: (...args: Parameters<typeof mail.send>) => mail.send(...args) };
    if (port === 'saveDelivery' || port === 'saveState') plan.around(store, port);
    if (port === 'send') plan.around(net, port);
    if (port === 'publish') plan.around(chat, port);
    if (port === 'mail') plan.around(post, port);
    const deps: ChannelsDeps = {
      ...this.deps,
      deliveries: { ...store, saveDelivery: alive(store.saveDelivery), saveState: alive(store.saveState) },
      http: { send: alive(net.send) },
      chat: { publish: alive(chat.publish) },
      mail: { send: alive(post.mail) },
    };
    try {
      await makeHandler(deps, this.env)(event);
    } catch (error) {
      if (!(error instanceof Crash) && (error as { code?: string }).code !== 'STATE_CONFLICT') throw error;
      isDead = true;
    }
    for (const window of plan.hit.keys()) count(window);
    this.crashes += plan.hit.size;
    return !isDead;
  }

  private async publish(topic: string, message: string): Promise<void> {
    if (this.chatMode === 'throttled') throw new ServiceError('throttled', 'Throttled', 'slow down', 429);
    await this.chat.publish(topic, message);
    if (this.chatMode === 'lost') throw new ServiceError('timedOut', 'TimeoutError', 'no answer');
  }

  /** As SNS and Lambda bring it: twice now and then, and again where a run has died, twice at most. */
  async deliver(record: SnsRecord): Promise<void> {
    const event = { Records: [record] };
    if (this.is(15)) {
      count('doubled');
      await Promise.all([this.untilDone(event), this.untilDone(event)]);
    } else await this.untilDone(event);
  }

  private async untilDone(event: unknown): Promise<void> {
    for (let tries = 0; tries < 50; tries++) if (await this.process(event)) return;
    throw new Error('Lambda brings it three times: the story must not lose it');
  }

  /** Takes a channel out, brings one back, or gives its name another place. A run that is under way goes by what it began with. */
  deploy(when: 'between runs' | 'within a run'): void {
    const { CHANNELS: before } = this.env;
    const one = CHANNELS[between(this.random, 0, CHANNELS.length - 1)]!;
    const present = before.find(({ name }) => name === one.name);
    const moved = present && this.is(40) ? movedFrom(present) : undefined;
    const others = before.filter(({ name }) => name !== one.name);
    const what = present === undefined ? 'returned' : moved === undefined ? 'vanished' : 'moved';
    count(`${what} ${when}`);
    if (what !== 'returned') this.left.set(one.name, (this.left.get(one.name) ?? 0) + 1);
    const added = present === undefined ? [one] : moved === undefined ? [] : [moved];
    this.env = { ...this.env, CHANNELS: [...others, ...added] };
  }

  changeWeather(): void {
    for (const [, service] of SERVICES) {
      if (!this.is(25)) continue;
      const mode = this.is(50) ? 'well' : MODES[between(this.random, 0, MODES.length - 1)]!;
      if (mode !== 'well') count(`weather ${typeof mode === 'string' ? mode : 'status'}`);
      this.server.set(service, mode);
    }
    if (this.is(20)) this.chatMode = (['well', 'lost', 'throttled'] as const)[between(this.random, 0, 2)]!;
  }

  async settle(): Promise<void> {
    for (const [, service] of SERVICES) this.server.set(service, 'well');
    this.chatMode = 'well';
    for (let turn = 0; turn < 27; turn++) {
      this.now += 5 * MINUTE_MS;
      await this.catchUp();
    }
  }
}

/** Of the two kinds that know their messages again. */
function movedFrom(channel: Channel): Channel | undefined {
  if (channel.kind === 'slackBot') {
    return { ...channel, channelId: channel.channelId === 'C0123ABCDEF' ? 'C0123OTHERS' : 'C0123ABCDEF' };
  }
  if (channel.kind !== 'pagerDuty') return undefined;
  return { ...channel, secret: { ...channel.secret, name: channel.secret.name === 'pager' ? 'pager-2' : 'pager' } };
}

export interface Played {
  readonly world: FaultyWorld;
  readonly sent: readonly Notice[];
}

export async function play(seed: number, deploys: Deploys = 'never'): Promise<Played> {
  const world = new FaultyWorld(seed, deploys);
  const sent: Notice[] = [];
  const late: SnsRecord[] = [];
  const states = new Map<string, 'firing' | 'resolved'>();
  const turns = between(world.random, 8, 20);
  for (let turn = 1; turn <= turns; turn++) {
    world.now += between(world.random, 0, 12) * MINUTE_MS + 1_000;
    world.changeWeather();
    if (deploys !== 'never' && world.is(30)) world.deploy('between runs');
    const fact = ['a', 'b', 'c'][between(world.random, 0, 2)]!;
    const isOnce = fact === 'c';
    const before = states.get(fact);
    const status = before === 'firing' && world.is(60) ? ('resolved' as const) : ('firing' as const);
    states.set(fact, status);
    const notice = noticeOf({
      ...{ fact: isOnce ? `once-${turn}` : fact, status: isOnce ? 'once' : status, at: world.now },
      title: `fact-${isOnce ? `once${turn}` : fact} turn-${turn}`,
      urgency: 'critical',
    });
    sent.push(notice);
    const record = world.recordOf(notice);
    if (world.is(25)) late.push(record);
    else await world.deliver(record);
    if (late.length > 0 && world.is(40)) {
      count('late');
      await world.deliver(late.splice(between(world.random, 0, late.length - 1), 1)[0]!);
    }
    while (world.echoes.length > 0) await world.deliver(world.echoes.shift()!);
    const runs = between(world.random, 0, 2);
    if (runs === 2) count('two at once');
    await Promise.all(Array.from({ length: runs }, () => world.process({ source: 'schedule' })));
  }
  for (const record of late) await world.deliver(record);
  await world.settle();
  return { world, sent };
}
