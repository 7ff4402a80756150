import { slackTexts } from '../../helpers/channel-checks';
import { ChannelsWorld, NOON, noticeOf } from '../../helpers/channels-world';
import { MINUTE_MS } from '../../../core/calendar';

describe('an episode that becomes more urgent', () => {
  const degraded = noticeOf({ urgency: 'warning', title: 'The meter is degraded' });
  const stopped = noticeOf({ at: NOON + 60 * MINUTE_MS, title: 'The meter has stopped' });
  const keys = (world: ChannelsWorld) =>
    world.server.incidents.map(({ key, isOpen }) => [key.split('|').at(-1), isOpen]);

  async function escalated() {
    const world = new ChannelsWorld();
    await world.tell(degraded);
    world.now = NOON + 60 * MINUTE_MS;
    return world;
  }

  test('calls people again: a new message, which is the one that is changed from then on, and a new incident', async () => {
    const world = await escalated();
    await world.tell(stopped);
    expect(world.server.messages).toHaveLength(2);
    expect(keys(world)).toEqual([
      ['warning', false],
      ['critical', true],
    ]);
    world.now += 60 * MINUTE_MS;
    await world.tell(noticeOf({ at: world.now, title: 'It stands still' }));
    await world.tell(noticeOf({ at: world.now + 1, urgency: 'warning', title: 'It is degraded again' }));
    expect(world.server.messages).toHaveLength(2);
    expect(slackTexts(world.server.messages[1]!.body)[0]).toContain('It is degraded again');
    expect(keys(world)).toHaveLength(2);
    await world.tell(noticeOf({ status: 'resolved', at: world.now + 2 }));
    expect(slackTexts(world.server.messages[1]!.body)[0]).toMatch(/^OVER/);
    expect(keys(world).map(([, isOpen]) => isOpen)).toEqual([false, false]);
  });

  test.each([1, 2])(
    'the pager falls silent at its request %i: nothing is open twice in the end, nor told late',
    async (nth) => {
      const world = await escalated();
      const answer = world.server.answer.bind(world.server);
      let asked = 0;
      world.server.answer = async (request) => {
        const answered = await answer(request);
        return request.url.endsWith('/enqueue') && ++asked === nth ? { kind: 'unanswered', why: 'closed' } : answered;
      };
      await world.tell(stopped);
      expect(keys(world).at(-1)).toEqual(['critical', true]);
      await world.tell(noticeOf({ at: world.now + 1, title: 'It stands still' }));
      world.now += 5 * MINUTE_MS;
      await world.catchUp();
      expect(keys(world)).toEqual([
        ['warning', false],
        ['critical', true],
      ]);
    },
  );

  test('an end of which nobody knows what was open resolves whatever may be', async () => {
    const world = await escalated();
    world.deliveries.deliveries.delete('pager#line|80');
    await world.tell(noticeOf({ status: 'resolved', urgency: 'warning', at: world.now }));
    world.now += 10 * MINUTE_MS;
    await world.catchUp();
    expect(keys(world)).toEqual([['warning', false]]);
  });
});
