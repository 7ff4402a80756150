import { inOrder } from '../../core/channels/order';
import { AGAIN } from '../../core/channels/telling';
import type { Notice } from '../../core/notice';
import type { Service } from './channel-server';
import type { FaultyWorld, Played } from './faulty-channels';

export interface Said {
  readonly fact: string;
  readonly turn: number;
  readonly isMarked: boolean;
  /** What who receives it knows doubles by. */
  readonly id?: string;
}

export const TITLE = /fact-(\w+) turn-(\d+)/;

export const PARTING = /Channel (\w+) (?:is no longer in the config|has another place)/;

function saidIn(headline: unknown, whole: unknown, id?: string): readonly Said[] {
  const found = TITLE.exec(String(headline));
  // Of a channel that cannot be told, or is gone, which others are told of.
  if (!found || PARTING.test(JSON.stringify(whole))) return [];
  const isMarked = JSON.stringify(whole).includes(AGAIN);
  return [{ fact: found[1]!, turn: Number(found[2]), isMarked, ...(id !== undefined && { id }) }];
}

/** What each channel said, in order. */
export function saidBy(world: FaultyWorld): Readonly<Record<string, readonly Said[]>> {
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

/** All channels stay: each state in order and once, nothing lost. */
export function check({ world, sent }: Played): void {
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
