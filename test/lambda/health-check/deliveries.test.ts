import { HOUR_MS } from '../../../core/calendar';
import { findingOf, HealthWorld, keyAged, NOW, scheduled, SMALL } from '../../helpers/health-world';
import { denied } from '../../helpers/health-refusals';

describe('deliveries', () => {
  it.each([
    ['the same one again', 0],
    ['one of an hour before, late', -HOUR_MS],
  ])('%s changes nothing and asks nobody', async (_, shift) => {
    const world = new HealthWorld();
    const first = await world.run();
    const calls = world.aws.calls.length;
    const again = await world.run(scheduled(NOW + shift));
    expect(again).toEqual({ ...first, kind: 'repeated' });
    expect(world.aws.calls).toHaveLength(calls);
    expect(world.state.record?.revision).toBe(1);
  });

  it('two at the same time: one is kept, and what is new is mailed once', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const kinds = (await Promise.all([world.run(), world.run()])).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['checked', 'overtaken']);
    expect(world.mail.sent).toHaveLength(1);
  });

  it('who asks on demand gets a fresh answer; people are told by the next scheduled run', async () => {
    const world = new HealthWorld();
    await world.run();
    world.model(SMALL).refusal = denied();
    const asked = await world.run({});
    expect(asked.document.trigger).toEqual({ source: 'on-demand' });
    expect(findingOf(asked, 'model-call', SMALL).status).toBe('failed');
    expect(world.mail.sent).toEqual([]);
    world.now += HOUR_MS;
    await world.run();
    expect(world.mail.sent).toHaveLength(1);
  });

  it.each([
    [null],
    ['schedule'],
    [[]],
    [{ source: 'aws.events' }],
    [{ source: 'schedule' }],
    [{ source: 'schedule', scheduledAt: 'yesterday' }],
    [{ source: 'schedule', scheduledAt: 7 }],
    [{ source: 'schedule', scheduledAt: '2099-01-01T00:00:00Z' }],
  ])('refuses the event %j', async (event) => {
    const world = new HealthWorld();
    await expect(world.run(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    expect(world.aws.calls).toEqual([]);
  });

  it('a clock across DST: hours are counted in UTC, so that none is lost and none counted twice', async () => {
    // New York fell back at 06:00Z on 1 November 2026.
    const world = new HealthWorld();
    world.aws.users.set('deployer', [keyAged(0, { createdAtMs: Date.parse('2026-10-02T05:30:00Z') })]);
    const kinds: string[] = [];
    const statuses: string[] = [];
    for (let at = Date.parse('2026-11-01T04:30:00Z'); at <= Date.parse('2026-11-01T07:30:00Z'); at += HOUR_MS) {
      world.now = at;
      const result = await world.run(scheduled(at));
      kinds.push(result.kind);
      statuses.push(findingOf(result, 'access-key').status);
    }
    expect(kinds).toEqual(['checked', 'checked', 'checked', 'checked']);
    expect(statuses).toEqual(['ok', 'ok', 'warning', 'warning']);
  });
});
