import { CliWorld } from '../world';
import { CONFIG, costsBy, DEV, PEOPLE, told } from './costs-told';

describe('costs --by, where the config names nowhere to look: nothing is asked, and what to add is said', () => {
  test.each([
    ['staging', 'person', '; --by tag has the bill by the tag team'],
    ['staging', 'role', '; --by tag has the bill by the tag team'],
    ['prod', 'session', 'see docs/who-spent.md\n'],
  ])('%s --by %s', async (environment, by, end) => {
    const world = told({});
    const { exitCode, stdout } = await world.run('costs', '--env', environment, ...CONFIG, '--by', by);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("add spenders: { invocationLogs: { logGroup: '…' } } to the environment and deploy it");
    expect(stdout).toContain('is yours to switch on');
    expect(stdout).toContain(end);
    expect(world.invoked).toEqual([]);
  });

  test('prod --by tag', async () => {
    const { exitCode, stdout } = await told({}).run('costs', '--env', 'prod', ...CONFIG, '--by', 'tag');
    expect(exitCode).toBe(1);
    expect(stdout).toContain("add spenders: { principalTag: 'team' } to the environment and deploy it, and activate");
  });

  test.each(['person', 'tag'])('what is deployed is older than the config: --by %s says so', async (by) => {
    const { exitCode, stdout } = await costsBy(told({}), by);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('what is deployed does not read yet what the config names under spenders');
  });

  test('or older than the question', async () => {
    const world = new CliWorld();
    world.answerOf.set('cost-check', { kind: 'returned', value: { kind: 'reported', mailed: false, report: {} } });
    const { exitCode, stdout } = await costsBy(world, 'person');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('answers in a form that this version does not know');
  });
});

test.each([
  [['--focus'], '--focus is of --by, and does nothing without it; add --by budget (or person, role'],
  [['--billing-account', '111122223333'], '--billing-account 111122223333 is of --by'],
  [['--by', 'people'], '--by people: allowed: person, role, session, tag, model, day, budget'],
  [['--by', ''], '--by : allowed: person'],
  [['--by', 'person', '--mail'], '--mail sends the report, and --by person makes none'],
  [['--by', 'person', '--csv', '--focus'], '--csv and --focus are two forms of one answer; leave all but one out'],
  [['--by', 'person', '--focus', '--json'], '--focus and --json are two forms of one answer'],
  [['--by', 'person', '--csv', '--focus', '--json'], '--csv, --focus and --json are three forms of one answer'],
  [['--by', 'person', '--billing-account', '111122223333'], '--billing-account 111122223333 is of --focus'],
  [
    ['--by', 'person', '--focus', '--billing-account', '1111'],
    '--billing-account 1111: not an account; allowed: the 12',
  ],
  [['--by', 'person', '--month', '2026-13'], '--month 2026-13: not a month; allowed: YYYY-MM'],
  [['--by', 'person', '--month', '2026-12'], '--month 2026-12: it has not begun'],
])('bad input: %p', async (args, message) => {
  const world = told({ callers: PEOPLE });
  const { exitCode, stderr } = await world.run('costs', ...DEV, ...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`costs: ${message}`);
  expect(world.invoked).toEqual([]);
});
