import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { noticesOf } from '../../../core/notice';
import { pass, subjects, without } from '../../helpers/channels-stories';
import { CHANNELS, ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';

const firing = noticeOf();
const resolved = noticeOf({ status: 'resolved', at: NOON + MINUTE_MS });

function nothingIsOpen(world: ChannelsWorld, channel: string): void {
  for (const one of world.deliveries.deliveries.values()) {
    if (one.channel !== channel) continue;
    expect(one).toMatchObject({ waiting: [] });
    expect([one.current, one.left, one.told?.status]).toEqual([
      undefined,
      undefined,
      expect.not.stringMatching('firing'),
    ]);
  }
}

const GONE = '[prod] Channel pager is no longer in the config';

describe('a channel that is taken out of the config', () => {
  test('what was told there as firing is mailed once, by its title, with what to do', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    without(world, 'pager');
    await world.catchUp();
    expect(subjects(world)).toEqual([GONE]);
    const { body } = world.mail.sent[0]!;
    expect(body).toContain(
      'Last told there as firing, and nobody is told its end there, 1 in all:\n- Spend has reached 80%, 2026-11-29 12:00 UTC\n',
    );
    expect(body).toContain('To do: Close by hand what is still open there');
    expect(body).toContain('Runbook: docs/runbook.md, "A channel is gone".');
    expect(body).not.toContain('Never told');
    expect(world.findings.at(-1)).toBe(1);
    expect(world.lines.at(-1)).toMatchObject({
      parted: ['pager is no longer in the config: 1 to be closed by hand, 0 never told'],
    });
    await pass(world, HOUR_MS);
    expect(subjects(world)).toEqual([GONE]);
    expect(world.findings.at(-1)).toBe(0);
    nothingIsOpen(world, 'pager');
    const told = world.posts('slackWebhook').filter((text) => JSON.stringify(text).includes('Channel pager'));
    expect(told).toHaveLength(1);
  });

  test('what it was never told is named, and what may have come through says so', async () => {
    const world = new ChannelsWorld();
    world.server.set('pagerDuty', 'refuses-connections');
    await world.tell(noticeOf({ fact: 'waits', title: 'It waits' }));
    world.now += 5 * MINUTE_MS;
    world.server.set('pagerDuty', 'lost');
    await world.catchUp();
    world.server.set('pagerDuty', 'refuses-connections');
    await world.tell(noticeOf({ fact: 'late', title: 'It came later', at: NOON + 1 }));
    without(world, 'pager');
    await pass(world, 10 * MINUTE_MS);
    expect(subjects(world)).toEqual([GONE]);
    const { body } = world.mail.sent[0]!;
    expect(body).toContain(
      '- It waits, 2026-11-29 12:00 UTC (it may have come through)\nNever told there, 1 in all:\n',
    );
    expect(body).toContain('- It came later, 2026-11-29 12:00 UTC\n');
    nothingIsOpen(world, 'pager');
  });

  test('an end that was not told is named beside what it ends', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    world.server.set('pagerDuty', 'refuses-connections');
    await world.tell(resolved);
    without(world, 'pager');
    await world.catchUp();
    expect(world.mail.sent[0]!.body).toMatch(
      /1 in all:\n- Spend has reached 80%.*\nNever told there, 1 in all:\n- Spend is under 80% again/,
    );
  });

  test.each([
    [8, 0],
    [9, 1],
    [30, 22],
  ])('of %i titles eight are named, and how many more there are: %i', async (facts, more) => {
    const world = new ChannelsWorld();
    for (let n = 0; n < facts; n++)
      await world.tell(noticeOf({ fact: `fact ${n}`, title: `title ${n}`, at: NOON + n }));
    without(world, 'pager');
    await world.catchUp();
    const { body } = world.mail.sent[0]!;
    expect(body.match(/- title \d+/g)).toHaveLength(8);
    expect(body).toContain(`${facts} in all`);
    expect(/- and (\d+) more/.exec(body)?.[1]).toBe(more === 0 ? undefined : String(more));
    await pass(world, 10 * MINUTE_MS);
    expect(world.mail.sent).toHaveLength(1);
  });

  test('its trouble that people were mailed has an end, for the others too', async () => {
    const world = new ChannelsWorld();
    world.server.set('slackWebhook', 'revoked');
    await world.tell(noticeOf({ status: 'once' }));
    await pass(world, 5 * MINUTE_MS);
    const own = () => world.server.incidents.filter(({ key }) => key.includes('channel|hook'));
    expect(own()).toEqual([expect.objectContaining({ isOpen: true })]);
    without(world, 'hook');
    await pass(world, 20 * MINUTE_MS);
    expect(subjects(world).slice(1)).toEqual(['[prod] Channel hook is no longer in the config']);
    expect(world.mail.sent[1]!.body).toContain('That it could not be told since 2026-11-29 12:00 UTC is over with it.');
    expect(own()).toEqual([expect.objectContaining({ isOpen: false })]);
    expect(world.lines.at(-1)).toMatchObject({ silent: [], parted: [], troubles: [] });
  });

  test.each<[string, (world: ChannelsWorld) => Promise<unknown>]>([
    ['was never told anything', async () => undefined],
    ['was told what has no end', (world) => world.tell(noticeOf({ status: 'once' }))],
    ['was told the end of everything', async (world) => [await world.tell(firing), await world.tell(resolved)]],
    ['waits for the beginning of an end', (world) => world.tell(resolved)],
    [
      'has trouble that nobody was mailed',
      async (world) => {
        world.server.set('pagerDuty', 'deaf');
        await world.tell(resolved, noticeOf({ status: 'once', urgency: 'info' }));
        await pass(world, 10 * MINUTE_MS);
      },
    ],
  ])('nothing is mailed of one that %s', async (_what, tell) => {
    const world = new ChannelsWorld();
    await tell(world);
    without(world, 'pager');
    await pass(world, 20 * MINUTE_MS);
    expect([subjects(world), world.findings.at(-1)]).toEqual([[], 0]);
    nothingIsOpen(world, 'pager');
    expect(world.deliveries.states.get('pager')?.trouble).toBeUndefined();
  });

  test('a renamed one is two: the old name is mailed, the new one begins anew', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    const renamed = CHANNELS.map((one) => (one.name === 'pager' ? { ...one, name: 'night' } : one));
    world.env = { ...world.env, CHANNELS: renamed };
    await pass(world, 5 * MINUTE_MS);
    expect(subjects(world)).toEqual([GONE]);
    await world.tell(noticeOf({ fact: 'new' }));
    expect([...world.deliveries.deliveries.keys()]).toContain('night#new');
  });
});

describe('a run that does not come to its end', () => {
  const lost = new ServiceError('throttled', 'ThrottlingException', 'slow down');

  test('before the mail: it is mailed later', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    without(world, 'pager');
    world.mail.failure = lost;
    await world.catchUp();
    expect(world.lines.at(-1)).toMatchObject({
      troubles: ['pager: what it has left was not settled: ThrottlingException'],
    });
    world.mail.failure = undefined;
    await pass(world, 10 * MINUTE_MS);
    expect(subjects(world)).toEqual([GONE]);
  });

  test.each([1, 2, 3])(
    'after the mail, before its write %i: it is mailed again, and told to other channels once',
    async (nth) => {
      const world = new ChannelsWorld();
      // The latest comes first: what is left after a run that died has it still.
      await world.tell(noticeOf({ fact: 'later', at: NOON + 1 }), firing, noticeOf({ fact: 'other' }));
      without(world, 'pager');
      const save = world.deliveries.saveDelivery.bind(world.deliveries);
      let writes = 0;
      world.deliveries.saveDelivery = async (delivery, replaces) => {
        if (++writes >= nth) throw lost;
        await save(delivery, replaces);
      };
      await world.catchUp();
      world.deliveries.saveDelivery = save;
      await pass(world, 10 * MINUTE_MS);
      expect(subjects(world)).toEqual([GONE, GONE]);
      const keys = world.mail.sent.flatMap((mail) => noticesOf(mail).map(({ key }) => key));
      expect(new Set(keys).size).toBe(1);
      expect(world.posts('slackWebhook').filter((text) => JSON.stringify(text).includes('Channel pager'))).toHaveLength(
        1,
      );
      nothingIsOpen(world, 'pager');
    },
  );

  test('of two at once one mails', async () => {
    const world = new ChannelsWorld();
    await world.tell(firing);
    without(world, 'pager');
    await Promise.all([world.catchUp(), world.catchUp(), world.catchUp()]);
    expect(subjects(world)).toEqual([GONE]);
  });

  test('what an earlier version is still sending there is waited for, and named by how it ended', async () => {
    const world = new ChannelsWorld();
    const answer = world.server.answer.bind(world.server);
    let isFirst = true;
    world.server.answer = async (request) => {
      if (isFirst && request.url.endsWith('/enqueue')) {
        isFirst = false;
        without(world, 'pager');
        await world.catchUp();
        expect(subjects(world)).toEqual([]);
      }
      return answer(request);
    };
    await world.tell(firing);
    await pass(world, 5 * MINUTE_MS);
    expect(subjects(world)).toEqual([GONE]);
    expect(world.mail.sent[0]!.body).toContain('- Spend has reached 80%, 2026-11-29 12:00 UTC\n');
  });
});
