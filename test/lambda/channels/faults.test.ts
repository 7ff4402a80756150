import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { inOrder } from '../../../core/channels/order';
import { AGAIN } from '../../../core/channels/telling';
import { ServiceError } from '../../../core/errors';
import type { Notice } from '../../../core/notice';
import type { ChannelsDeps } from '../../../lambda/channels/deps';
import { makeHandler } from '../../../lambda/channels/handler';
import { between, type Random, seededRandom } from '../../../simulator/random';
import type { Mode, Service } from '../../helpers/channel-server';
import { ChannelsWorld, NOON, noticeOf, type SnsRecord } from '../../helpers/channels-world';
import { Crash, CrashPlan } from '../../helpers/crashing';

/** `FAULT_SEED=7 FAULT_RUNS=1` plays one of them again. */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 60);
const FIRST = Number(process.env['FAULT_SEED'] ?? 1);
const SERVICES: readonly Service[] = ['slackBot', 'slackWebhook', 'teamsWebhook', 'pagerDuty', 'webhook'];
const MODES: readonly Mode[] = [
  ...(['lost', 'deaf', 'closes', 'refuses-connections', 'revoked', 'gone'] as const),
  ...[{ status: 500 }, { status: 502 }, { status: 429, retryAfter: '60' }, { status: 403 }],
];
const PORTS = ['saveDelivery', 'saveState', 'send', 'publish', 'mail'] as const;

const totals = new Map<string, number>();
const count = (what: string) => void totals.set(what, (totals.get(what) ?? 0) + 1);

class FaultyWorld extends ChannelsWorld {
  chatMode: 'well' | 'lost' | 'throttled' = 'well';
  readonly random: Random;

  constructor(readonly seed: number) {
    super();
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
    if (this.is(50)) plan.set(nth, this.is(50) ? 'before' : 'after');
    let isDead = false;
    const alive = <Args extends readonly unknown[], Answer>(work: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        // Others may come in between.
        for (let turns = between(this.random, 0, 3); turns > 0; turns--) await Promise.resolve();
        if (isDead) throw new Crash('already');
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

  changeWeather(): void {
    for (const service of SERVICES) {
      if (!this.is(25)) continue;
      const mode = this.is(50) ? 'well' : MODES[between(this.random, 0, MODES.length - 1)]!;
      if (mode !== 'well') count(`weather ${typeof mode === 'string' ? mode : 'status'}`);
      this.server.set(service, mode);
    }
    if (this.is(20)) this.chatMode = (['well', 'lost', 'throttled'] as const)[between(this.random, 0, 2)]!;
  }

  async settle(): Promise<void> {
    for (const service of SERVICES) this.server.set(service, 'well');
    this.chatMode = 'well';
    for (let turn = 0; turn < 27; turn++) {
      this.now += 5 * MINUTE_MS;
      await this.catchUp();
    }
  }
}

interface Said {
  readonly fact: string;
  readonly turn: number;
  readonly isMarked: boolean;
  /** What who receives it knows doubles by. */
  readonly id?: string;
}

const TITLE = /fact-(\w+) turn-(\d+)/;

function saidIn(headline: unknown, whole: unknown, id?: string): readonly Said[] {
  const found = TITLE.exec(String(headline));
  // Of a channel that cannot be told, which others are told of.
  if (!found) return [];
  const isMarked = JSON.stringify(whole).includes(AGAIN);
  return [{ fact: found[1]!, turn: Number(found[2]), isMarked, ...(id !== undefined && { id }) }];
}

/** What each channel said, in order. */
function saidBy(world: FaultyWorld): Readonly<Record<string, readonly Said[]>> {
  const of = (service: Service, headline: (body: Readonly<Record<string, unknown>>) => unknown) =>
    world.server.posts
      .filter((post) => post.service === service)
      .flatMap(({ body, headers }) => saidIn(headline(body), body, headers['webhook-id']));
  return {
    bot: of('slackBot', ({ text }) => text),
    hook: of('slackWebhook', ({ text }) => text),
    card: of('teamsWebhook', (body) => JSON.stringify(body)),
    pager: of('pagerDuty', (body) => (body as { payload: { summary: string } }).payload.summary),
    own: of('webhook', (body) => (body as { data: { title: string } }).data.title),
    chat: world.chats.flatMap((chat) => saidIn((chat as { content: { title: string } }).content.title, chat)),
  };
}

async function play(seed: number): Promise<{ readonly world: FaultyWorld; readonly sent: readonly Notice[] }> {
  const world = new FaultyWorld(seed);
  const sent: Notice[] = [];
  const late: SnsRecord[] = [];
  const states = new Map<string, 'firing' | 'resolved'>();
  const turns = between(world.random, 8, 20);
  for (let turn = 1; turn <= turns; turn++) {
    world.now += between(world.random, 0, 12) * MINUTE_MS + 1_000;
    world.changeWeather();
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

function check({ world, sent }: Awaited<ReturnType<typeof play>>): void {
  const { seed } = world;
  expect([seed, world.server.violations]).toEqual([seed, []]);
  for (const [channel, said] of Object.entries(saidBy(world))) {
    const where = `seed ${seed}, ${channel}`;
    const factOf = ({ title }: Notice) => TITLE.exec(title)![1]!;
    for (const fact of new Set(sent.map(factOf))) {
      const notices = sent.filter((notice) => factOf(notice) === fact);
      const told = said.filter((one) => one.fact === fact);
      const last = notices.toSorted(inOrder).at(-1)!;
      // Nothing is lost: the last state was told, and each that stands for itself.
      expect([where, fact, told.at(-1)?.turn]).toEqual([where, fact, Number(TITLE.exec(last.title)![2])]);
      told.forEach((one, at) => {
        const previous = told[at - 1];
        if (previous === undefined) return;
        expect([where, fact, 'in order', one.turn >= previous.turn]).toEqual([where, fact, 'in order', true]);
        if (one.turn !== previous.turn) return;
        // Once, but for what nobody knows, which says so or is known again by its key.
        const isKnown = channel === 'pager' || (channel === 'own' && one.id === previous.id);
        const isChanged = channel === 'bot';
        expect([where, fact, one.turn, isKnown || isChanged || one.isMarked]).toEqual([where, fact, one.turn, true]);
      });
    }
  }
  // The bot's messages: none twice, by what they are known by.
  const ids = world.server.messages.map(
    ({ body }) => (body['metadata'] as { event_payload: { id: string } }).event_payload.id,
  );
  expect([seed, new Set(ids).size]).toEqual([seed, ids.length]);
  expect([seed, new Set([...world.server.handled.values()].map((body) => JSON.stringify(body))).size]).toEqual([
    seed,
    world.server.handled.size,
  ]);
  checkPager(world, sent);
  for (const delivery of world.deliveries.deliveries.values()) {
    expect([seed, delivery.channel, delivery.waiting, delivery.current]).toEqual([
      seed,
      delivery.channel,
      [],
      undefined,
    ]);
  }
}

/** One incident an episode at most, and open where the fact is. */
function checkPager({ seed, server }: FaultyWorld, sent: readonly Notice[]): void {
  for (const fact of ['a', 'b']) {
    const notices = sent.filter((notice) => notice.fact === fact).toSorted(inOrder);
    const episodes = notices.filter(
      ({ status }, at) => status === 'firing' && notices[at - 1]?.status !== 'firing',
    ).length;
    const incidents = server.incidents.filter(({ key }) => key === `111111111111|us-east-1|prod|${fact}|critical`);
    expect([seed, fact, incidents.length <= episodes]).toEqual([seed, fact, true]);
    expect([seed, fact, incidents.some(({ isOpen }) => isOpen)]).toEqual([
      seed,
      fact,
      notices.at(-1)?.status === 'firing',
    ]);
  }
}

test(`${RUNS} stories of crashes, doubles, late and lost messages, illnesses and runs at once: each state in order and once, nothing lost`, async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) check(await play(seed));
  const windows = PORTS.flatMap((port) => [`before ${port}`, `after ${port}`]);
  const weather = ['lost', 'deaf', 'closes', 'refuses-connections', 'revoked', 'gone', 'status'].map(
    (one) => `weather ${one}`,
  );
  if (RUNS < 60) return;
  for (const what of [...windows, ...weather, 'doubled', 'late', 'two at once', 'another run was faster']) {
    expect([what, (totals.get(what) ?? 0) >= 2]).toEqual([what, true]);
  }
}, 120_000);

describe('a crash at every single write and message of a whole story', () => {
  async function story(crash?: { readonly nth: number; readonly side: 'before' | 'after' }) {
    const world = new FaultyWorld(0);
    const plan = new CrashPlan();
    if (crash !== undefined) plan.set(crash.nth, crash.side);
    let isDead = false;
    const { deliveries, http, chat, mail } = world.deps;
    const ports = {
      saveDelivery: (...args: Parameters<typeof deliveries.saveDelivery>) => deliveries.saveDelivery(...args),
      saveState: (...args: Parameters<typeof deliveries.saveState>) => deliveries.saveState(...args),
      send: (...args: Parameters<typeof http.send>) => http.send(...args),
      publish: (...args: Parameters<typeof chat.publish>) => chat.publish(...args),
      mail: (...args: Parameters<typeof mail.send>) => mail.send(...args),
    };
    plan.around(ports, 'saveDelivery', 'saveState', 'send', 'publish', 'mail');
    const alive = <Args extends readonly unknown[], Answer>(work: (...args: Args) => Promise<Answer>) => {
      return async (...args: Args): Promise<Answer> => {
        if (isDead) throw new Crash('already');
        return work(...args).catch((error: unknown) => {
          if (error instanceof Crash) isDead = true;
          throw error;
        });
      };
    };
    const { delivery, all, state } = {
      delivery: alive((...args: Parameters<typeof deliveries.delivery>) => deliveries.delivery(...args)),
      all: alive(() => deliveries.all()),
      state: alive((channel: string) => deliveries.state(channel)),
    };
    const deps: ChannelsDeps = {
      ...world.deps,
      deliveries: {
        ...{ delivery, all, state },
        saveDelivery: alive(ports.saveDelivery),
        saveState: alive(ports.saveState),
      },
      http: { send: alive(ports.send) },
      chat: { publish: alive(ports.publish) },
      mail: { send: alive(ports.mail) },
    };
    const run = async (event: unknown) => {
      for (let tries = 0; tries < 3; tries++) {
        isDead = false;
        await makeHandler(
          deps,
          world.env,
        )(event).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
        if (!isDead) return;
      }
    };
    const sent = (['firing', 'resolved', 'firing', 'once'] as const).map((status, turn) =>
      noticeOf({
        fact: status === 'once' ? 'once' : 'a',
        status,
        at: NOON + turn * HOUR_MS,
        title: `fact-${status === 'once' ? 'c' : 'a'} turn-${turn}`,
        urgency: 'critical',
      }),
    );
    for (const [turn, notice] of sent.entries()) {
      world.server.set('teamsWebhook', turn === 1 ? 'gone' : 'well');
      await run({ Records: [world.recordOf(notice)] });
      for (let passed = 0; passed < 3; passed++) {
        world.now += 5 * MINUTE_MS;
        await run({ source: 'schedule' });
      }
    }
    const { writes } = plan;
    plan.clear();
    await world.settle();
    return { world, sent, writes, hit: [...plan.hit.keys()] };
  }

  test.each(['before', 'after'] as const)('%s each', async (side) => {
    const { writes } = await story();
    const hit = new Set<string>();
    for (let nth = 1; nth <= writes; nth++) {
      const played = await story({ nth, side });
      played.hit.forEach((window) => hit.add(window));
      check(played);
    }
    expect([...hit].toSorted()).toEqual(PORTS.map((port) => `${side} ${port}`).toSorted());
  });
});
