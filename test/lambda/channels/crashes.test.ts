import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import type { ChannelsDeps } from '../../../lambda/channels/deps';
import { makeHandler } from '../../../lambda/channels/handler';
import { checkLeft } from '../../helpers/channels-left';
import { check, PARTING } from '../../helpers/channels-said';
import { CHANNELS, NOON, noticeOf } from '../../helpers/channels-world';
import { Crash, CrashPlan } from '../../helpers/crashing';
import { FaultyWorld, PORTS } from '../../helpers/faulty-channels';

describe('a crash at every single write and message of a whole story', () => {
  interface At {
    readonly nth: number;
    readonly side: 'before' | 'after';
  }

  /** @param without channels that the config has no more after a turn */
  async function story(crash?: At, without: readonly (readonly string[])[] = []) {
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
      world.env = { ...world.env, CHANNELS: CHANNELS.filter(({ name }) => without[turn]?.includes(name) !== true) };
      for (let passed = 0; passed < 3; passed++) {
        world.now += 5 * MINUTE_MS;
        await run({ source: 'schedule' });
      }
    }
    const { writes } = plan;
    world.crashes = plan.hit.size;
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

  test.each(['before', 'after'] as const)('%s each, where channels are taken out and come back', async (side) => {
    const without = [['pager', 'bot'], ['card'], [], []];
    const { writes, world } = await story(undefined, without);
    const parted = ({ mail }: FaultyWorld) => mail.sent.filter(({ subject }) => PARTING.test(subject)).length;
    expect(parted(world)).toBe(3);
    let again = 0;
    for (let nth = 1; nth <= writes; nth++) {
      const played = await story({ nth, side }, without);
      checkLeft(played);
      expect([nth, parted(played.world) >= 3]).toEqual([nth, true]);
      if (parted(played.world) > 3) again += 1;
    }
    expect(again).toBeGreaterThan(0);
  });
});
