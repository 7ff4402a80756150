import { ACCOUNT } from '../../helpers/health-world';
import { ONE, TWO } from '../../helpers/organization';
import { HubWorld } from '../hub-world';

const REASON = ['--reason', 'incident'];

describe('bad input is named before anything is ordered', () => {
  const orders = [
    ['approve', []],
    ['stop', REASON],
    ['lift', REASON],
  ] as const;

  test.each(orders)('%s: no account, the management account, an unknown one', async (order, more) => {
    const world = await HubWorld.calm();
    for (const wrong of ['12345', 'prod', '1111111111111', '١١١١١١١١١١١١']) {
      const { exitCode, stderr } = await world.order(order, wrong, ...more, '--yes');
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`organization ${order} ${wrong}: not an account's number; allowed: 12 digits`);
    }
    const management = await world.order(order, ACCOUNT, ...more, '--yes');
    expect(management.exitCode).toBe(2);
    expect(management.stderr).toContain('it is the management account of test/fixtures/organization.ts');
    expect(world.invoked).toEqual([]);
    const unknown = await world.order(order, '222222222223', ...more, '--yes');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.stderr).toContain(
      `organization ${order} 222222222223: it is neither in test/fixtures/organization.ts nor was it ever heard of; nearest: ${TWO}; all that are known: npx spend-guard organization status`,
    );
    expect(world.orders()).toEqual([]);
  });

  test.each(['stop', 'lift'])('%s needs a reason', async (order) => {
    const world = await HubWorld.waiting();
    for (const more of [[], ['--reason', ' ']]) {
      const { exitCode, stderr } = await world.order(order, TWO, ...more, '--yes');
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--reason: must say why, such as');
    }
    expect(world.invoked).toEqual([]);
  });

  test('a reason is as long as the hub takes it, and no longer', async () => {
    const world = await HubWorld.calm();
    const { exitCode, stderr } = await world.order('stop', ONE, '--reason', 'x'.repeat(501), '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toBe('--reason: 501 characters; allowed: up to 500\n');
    expect(world.invoked).toEqual([]);
    expect((await world.order('stop', ONE, '--reason', 'x'.repeat(500), '--yes')).exitCode).toBe(0);
  });

  test('an account that the file has and the deployed hub has not: deploy first', async () => {
    const world = await HubWorld.calm();
    const { [ONE]: _, ...accounts } = world.organization.organization.accounts;
    world.organization.organization = { ...world.organization.organization, accounts };
    world.organization.state.standings.delete(`${ONE}/dev`);
    const { exitCode, stderr } = await world.order('stop', ONE, ...REASON, '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'test/fixtures/organization.ts has it, and the deployed hub does not: npx cdk deploy --all --context organization=test/fixtures/organization.ts',
    );
  });

  test('a viewer, who may run the report and not the brake, is told which role may', async () => {
    const world = await HubWorld.waiting();
    world.denied.add('organization-brake');
    const { exitCode, stderr } = await world.order('approve', TWO, '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('may not run organization-brake: AWS answered AccessDeniedException');
    expect(stderr).toContain('output OperatorRoleArn: people.operators of test/fixtures/organization.ts name who may');
    expect(world.attached()).toEqual([]);
  });

  test('which decision waits is unknown: it has to be named, and then is approved', async () => {
    const world = await HubWorld.waiting();
    world.answerOf.set('organization-report', { kind: 'failed', errorName: 'Runtime.ExitError', text: 'gone' });
    const { exitCode, stderr } = await world.order('approve', TWO, '--yes');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('which decision waits is unknown; name it with --decision');
    expect((await world.order('approve', TWO, '--decision', '2026-11.1', '--yes')).exitCode).toBe(0);
    expect(world.attached()).toEqual([TWO]);
  });
});
