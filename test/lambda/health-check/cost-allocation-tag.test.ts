import { HOUR_MS, DAY_MS } from '../../../core/calendar';
import { ENV, findingOf, HealthWorld, NOW } from '../../helpers/health-world';

describe('the cost allocation tag', () => {
  it('is asked for once a day, as Cost Explorer may charge for it, and the answer held in between', async () => {
    const world = new HealthWorld();
    world.tag = { kind: 'known', state: 'inactive' };
    for (let at = NOW; at < NOW + 2 * DAY_MS; at += HOUR_MS) {
      world.now = at;
      expect(findingOf(await world.run(), 'cost-allocation-tag').status).toBe('warning');
    }
    expect(world.tagAsked).toBe(2);
    expect(world.mail.sent).toHaveLength(1);
  });

  it('is asked for again at the next run while there is no answer', async () => {
    const world = new HealthWorld();
    world.tag = { kind: 'unavailable', why: 'throttled' };
    expect(findingOf(await world.run(), 'cost-allocation-tag').status).toBe('unknown');
    world.now += HOUR_MS;
    await world.run();
    expect(world.tagAsked).toBe(2);
  });

  it('is not asked for where no budget filters on it', async () => {
    const world = new HealthWorld({ ...ENV, TAG_KEY: '' });
    const { document } = await world.run();
    expect(document.findings.some(({ check }) => check === 'cost-allocation-tag')).toBe(false);
    expect(world.tagAsked).toBe(0);
  });
});
