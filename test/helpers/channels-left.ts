import { inOrder } from '../../core/channels/order';
import { noticesOf, type Notice } from '../../core/notice';
import { homeName } from '../../core/channels';
import { PARTING, type Said, saidBy, TITLE } from './channels-said';
import { CHANNELS } from './channels-world';
import { count, type FaultyWorld, type Played } from './faulty-channels';

/** A mail on where a channel is no more. */
interface Parting {
  readonly channel: string;
  readonly key: string | undefined;
  readonly standing: readonly Named[];
  readonly untold: readonly Named[];
  /** It names eight of a kind. */
  readonly isWhole: boolean;
}

interface Named {
  readonly fact: string;
  readonly turn: number;
}

function partingsOf(world: FaultyWorld): readonly Parting[] {
  return world.mail.sent.flatMap((mail) => {
    const channel = PARTING.exec(mail.subject)?.[1];
    if (channel === undefined) return [];
    const [standing = '', untold = ''] = mail.body.split('Never told there');
    const key = noticesOf(mail).find(({ status }) => status === 'once')?.key;
    const isWhole = !/^- and \d+ more/m.test(mail.body);
    return [{ channel, key, standing: namedIn(standing), untold: namedIn(untold), isWhole }];
  });
}

function namedIn(text: string): readonly Named[] {
  return [...text.matchAll(new RegExp(TITLE, 'g'))].map(([, fact = '', turn]) => ({ fact, turn: Number(turn) }));
}

/** Channels come and go: what each took in was told in order and once, or people were mailed that it was not; and what stands open is known. */
export function checkLeft({ world, sent }: Played): void {
  const { seed } = world;
  expect([seed, world.server.violations]).toEqual([seed, []]);
  const partings = partingsOf(world);
  const said = saidBy(world);
  for (const { name } of CHANNELS) {
    const own = partings.filter(({ channel }) => channel === name);
    const isWhole = own.every((one) => one.isWhole);
    for (const fact of new Set(sent.map((notice) => notice.fact))) {
      const title = titleOf(fact, sent);
      const taken = takenOf(world, name, fact, sent);
      const told = (said[name] ?? []).filter((one) => one.fact === title);
      const named = own.flatMap(({ standing, untold }) => [...standing, ...untold]);
      if (isWhole)
        checkFact(
          `seed ${seed}, ${name}, ${fact}`,
          taken,
          told,
          named.filter((one) => one.fact === title),
        );
      told.forEach((one, at) => {
        const previous = told[at - 1];
        if (previous === undefined) return;
        expect([seed, name, fact, 'in order', one.turn >= previous.turn]).toEqual([seed, name, fact, 'in order', true]);
        if (one.turn !== previous.turn) return;
        const isKnown = name === 'bot' || name === 'pager' || (name === 'own' && one.id === previous.id);
        expect([seed, name, fact, 'once', isKnown || one.isMarked]).toEqual([seed, name, fact, 'once', true]);
      });
    }
    checkMails(world, name, own);
  }
  checkIncidents({ world, sent }, partings);
  const known = world.env.CHANNELS.map(({ name }) => name);
  for (const one of world.deliveries.deliveries.values()) {
    const left = { waiting: one.waiting, current: one.current, left: one.left };
    expect([seed, one.channel, left]).toEqual([seed, one.channel, { waiting: [] }]);
    if (!known.includes(one.channel)) expect([seed, one.channel, one.told?.status]).not.toContain('firing');
  }
}

/** As it stands in titles. */
function titleOf(fact: string, sent: readonly Notice[]): string | undefined {
  const notice = sent.find((one) => one.fact === fact);
  return TITLE.exec(notice?.title ?? '')?.[1];
}

function turnOf({ title }: Notice): number {
  return Number(TITLE.exec(title)?.[2]);
}

/** What a channel has taken in of a fact, in order. */
function takenOf(world: FaultyWorld, channel: string, fact: string, sent: readonly Notice[]): readonly Notice[] {
  const keys = world.deliveries.deliveries.get(`${channel}#${fact}`)?.keys ?? [];
  return sent.filter((notice) => keys.includes(notice.key)).toSorted(inOrder);
}

/** The last state was told, or is named; an end that nobody waits for need not be. */
function checkFact(where: string, taken: readonly Notice[], told: readonly Said[], named: readonly Named[]): void {
  const last = taken.at(-1);
  if (last === undefined) return;
  const isKnown = (turn: number) => [...told, ...named].some((one) => one.turn === turn);
  if (last.status === 'resolved') {
    const before = told.filter(({ turn }) => turn < turnOf(last)).at(-1);
    const begun = taken.find((one) => turnOf(one) === before?.turn && one.status === 'firing');
    if (begun === undefined || named.some(({ turn }) => turn === before?.turn)) return;
  }
  expect([where, turnOf(last), isKnown(turnOf(last))]).toEqual([where, turnOf(last), true]);
}

/** Once; a run that died may have it sent again, by the same key. */
function checkMails({ seed, deploys, left, crashes }: FaultyWorld, name: string, own: readonly Parting[]): void {
  const keys = own.map(({ key }) => key);
  const again = keys.length - new Set(keys).size;
  if (own.length > 0) count('left something');
  if (again > 0) count('mailed again');
  expect([seed, name, 'again', again <= crashes]).toEqual([seed, name, 'again', true]);
  if (deploys !== 'between runs') return;
  expect([seed, name, 'mails', own.length <= (left.get(name) ?? 0)]).toEqual([seed, name, 'mails', true]);
}

/** What is open is remembered as open there, or people were told to close it. */
function checkIncidents({ world, sent }: Played, partings: readonly Parting[]): void {
  const { seed, server, deliveries, env } = world;
  const home = homeName({ account: '111111111111', region: 'us-east-1' }, env.ENVIRONMENT);
  for (const { key, service, isOpen, summary } of server.incidents) {
    const title = TITLE.exec(summary);
    if (!isOpen || title === null) continue;
    const [fact, turn] = [title[1], Number(title[2])];
    const told = deliveries.deliveries.get(`pager#${key.slice(home.length + 1).replace(/\|critical$/, '')}`)?.told;
    const secret = service === server.routingKey ? 'pager' : 'pager-2';
    const isFollowed = told?.status === 'firing' && told.place === `pagerDuty secretsmanager ${secret}`;
    const standing = partings.filter(({ channel }) => channel === 'pager').flatMap((one) => one.standing);
    const isWhole = partings.every((one) => one.channel !== 'pager' || one.isWhole);
    const isNamed = !isWhole || standing.some((one) => one.fact === fact && one.turn >= turn);
    // What stands for itself is no episode: whoever is called closes it.
    const isOnce = sent.some((notice) => turnOf(notice) === turn && notice.status === 'once');
    count(isFollowed ? 'incident followed' : 'incident named');
    expect([seed, summary, isOnce || isFollowed || isNamed]).toEqual([seed, summary, true]);
  }
}
