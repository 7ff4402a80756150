import { findingOf, HealthWorld, SMALL } from '../../helpers/health-world';
import { denied } from '../../helpers/health-refusals';

describe('the state table out of order', () => {
  it('unreadable: the checks are made and counted, nothing is overwritten and nothing mailed', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const save = jest.fn();
    const deps = {
      ...world.deps(),
      state: Object.assign(Object.create(world.state), { last: () => Promise.reject(denied()), save }),
    };
    const result = await world.run(undefined, deps);
    expect(findingOf(result, 'state-table').status).toBe('failed');
    expect(world.metrics.latest('HealthFailures')).toBe(2);
    // Nobody can be told what is new: the alarm speaks.
    expect(world.metrics.latest('Findings')).toBe(2);
    expect(save).not.toHaveBeenCalled();
    expect(world.mail.sent).toEqual([]);
  });

  it('unwritable: the run ends in an error, so that its event ends in the dead letters and the alarm on these speaks, and nothing is mailed', async () => {
    const world = new HealthWorld();
    world.model(SMALL).refusal = denied();
    const deps = {
      ...world.deps(),
      state: Object.assign(Object.create(world.state), { save: () => Promise.reject(denied()) }),
    };
    await expect(world.run(undefined, deps)).rejects.toThrow('AccessDeniedException');
    expect(world.mail.sent).toEqual([]);
  });
});
