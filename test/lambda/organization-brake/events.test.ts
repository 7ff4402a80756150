import { OrganizationWorld } from '../../helpers/organization-world';
import { ONE } from '../../helpers/organization';

const by = 'ops';

test.each([
  [null],
  [{}],
  [[]],
  [{ command: 'converge' }],
  [{ command: 'converge', account: '1' }],
  [{ command: 'approve', account: ONE, by }],
  [{ command: 'approve', account: ONE, decision: '', by }],
  [{ command: 'stop', account: ONE, by }],
  [{ command: 'stop', account: ONE, reason: 'x' }],
  [{ command: 'lift', account: ONE, by, reason: 'x'.repeat(501) }],
  [{ command: 'remove', account: ONE }],
  [{ source: 'schedule', command: 'stop', account: ONE }],
])('%j is refused, and says what there is', async (event) => {
  const world = new OrganizationWorld();
  await expect(world.brake(event)).rejects.toMatchObject({
    code: 'EVENT_INVALID',
    message: expect.stringMatching(/approve: decision, by; stop: by, reason.*got/),
  });
  expect(world.state.brakes.size).toBe(0);
});

test('a time that is none is named', async () => {
  const event = { command: 'lift', account: ONE, by, reason: 'x', until: 'tomorrow' };
  await expect(new OrganizationWorld().brake(event)).rejects.toMatchObject({
    code: 'EVENT_INVALID',
    message: expect.stringContaining('got "tomorrow"'),
  });
});
