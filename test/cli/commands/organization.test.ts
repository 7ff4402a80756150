import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HOUR_MS } from '../../../core/calendar';
import { nanoUsd, usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { AUTOMATIC, NEVER, ONE, TWO, UNLISTED } from '../../helpers/organization';
import { HubWorld, LISTED } from '../hub-world';
import { CliWorld, NO_CREDENTIALS } from '../world';

const folder = mkdtempSync(path.join(tmpdir(), 'organization-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('status', () => {
  test('the verdict stands first, and nothing needs attention', async () => {
    const world = await HubWorld.calm();
    const { exitCode, stdout } = await world.order('status');
    const lines = stdout.split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'All is well: $100.00 of $400.00 in 2026-11',
      '  by what 4 accounts have told, as of 2026-11-23 09:01 UTC',
    ]);
    expect(lines).toContain('  444444444444  dev open  brake: none   $40.00  of $100.00  40.0%');
    expect(exitCode).toBe(0);
  });

  test('who waits for a decision comes first, with the one command', async () => {
    const world = await HubWorld.calm();
    await world.told({ [TWO]: 110 });
    const { exitCode, stdout } = await world.order('status');
    expect(exitCode).toBe(4);
    expect(stdout.split('\n')[0]).toBe('1 account needs your decision: $190.00 of $400.00 in 2026-11');
    expect(stdout).toContain(`npx spend-guard organization approve ${TWO} --decision 2026-11.1`);
    expect(stdout).toContain('brake: waits for approval');
  });

  test('unheard, silent and unlisted accounts are named, and none is zero', async () => {
    const world = new HubWorld();
    await world.told({ [ONE]: 10 });
    world.now += 2 * HOUR_MS;
    await world.told({ [UNLISTED]: 5 });
    const { exitCode, stdout } = await world.order('status');
    expect(exitCode).toBe(4);
    expect(stdout.split('\n')[0]).toBe('5 things need a look: at least $15.00 of $500.00 in 2026-11');
    expect(stdout).toContain(`  unheard   ${TWO}, ${NEVER}, ${AUTOMATIC}: nothing was ever heard of it`);
    expect(stdout).toContain(`  silent    ${ONE}: dev is silent since`);
    expect(stdout).toContain(`  unlisted  ${UNLISTED}: is not in the limits file`);
    expect(stdout).toMatch(/333333333333 {13}unheard .* unknown {2}of \$100\.00$/m);
  });

  test('nobody was ever heard: what is spent is unknown', async () => {
    const world = new HubWorld();
    const { stdout, json } = await world.order('status', '--json');
    expect(json()).toMatchObject({ schemaVersion: 1, command: 'organization status', exitCode: 4, spentNano: null });
    expect(stdout).not.toContain('"spentNano": 0');
    expect((await world.order('status')).stdout).toContain('a look: unknown of $400.00');
  });

  test('as JSON: the whole document, amounts in nano-dollars', async () => {
    const world = await HubWorld.calm();
    const { json } = await world.order('status', '--json');
    expect(json()).toMatchObject({
      schemaVersion: 1,
      command: 'organization status',
      exitCode: 0,
      month: '2026-11',
      spentNano: usd(100),
      atLeast: false,
      attention: [],
    });
    expect(json()['accounts']).toHaveLength(4);
  });

  test('an override says who gave it, until when, and why', async () => {
    const world = await HubWorld.calm();
    await world.told({ [TWO]: 110 });
    await world.order('lift', TWO, '--reason', 'agreed', '--until', '6h', '--yes');
    const { stdout } = await world.order('status');
    expect(stdout).toContain('brake: override');
    expect(stdout).toMatch(/override of 222222222222 by ana \(arn:aws:sts::.*\), until 2026-11-23 15:02 UTC: agreed/);
  });

  test.each([
    [40, 40, undefined],
    [41, 40, 'and 1 more, with no more of their limits: npx spend-guard organization report'],
    [400, 40, 'and 360 more, with no more of their limits: npx spend-guard organization report'],
  ])(
    'of %i accounts the %i nearest to their limits are shown, and how many more there are',
    async (all, shown, rest) => {
      const world = new HubWorld();
      const spent = Object.fromEntries(Array.from({ length: all }, (_, at) => [String(500000000000 + at), at / 5]));
      const accounts = Object.fromEntries(Object.keys(spent).map((account) => [account, { limit: usd(100) }]));
      world.organization.organization = { ...world.organization.organization, accounts };
      await world.told(spent);
      const { stdout } = await world.order('status');
      const rows = stdout.split('\n').filter((line) => line.includes('brake: none'));
      expect(rows).toHaveLength(shown);
      expect(rows[0]).toContain(String(500000000000 + all - 1));
      if (rest === undefined) expect(stdout).not.toContain(' more');
      else expect(stdout).toContain(rest);
      const whole = await world.order('report');
      expect(whole.stdout.split('\n').filter((line) => line.includes('brake: none'))).toHaveLength(all);
    },
  );

  test('400 accounts that are unheard, and as many silent ones, leave the verdict on the screen', async () => {
    const world = new HubWorld();
    const ids = (from: number) => Array.from({ length: 400 }, (_, at) => String(from + at));
    const accounts = Object.fromEntries(ids(600000000000).map((account) => [account, { limit: usd(1) }]));
    world.organization.organization = { ...world.organization.organization, accounts };
    for (const account of ids(700000000000)) {
      world.organization.now += 1000;
      await world.organization.hear(account);
    }
    world.now += 3 * HOUR_MS;
    const { stdout } = await world.order('status');
    expect(stdout).toContain('  unheard   and 350 more');
    expect(stdout).toContain('  silent    and 390 more');
    // What is known is not hidden by what is not.
    const rows = stdout.split('\n').filter((line) => line.includes('brake: '));
    expect(rows.filter((line) => line.includes('dev silent, last open'))).toHaveLength(40);
    expect(stdout.split('\n').length).toBeLessThan(100);
  });

  test('what waits for a decision is shown, however much it is', async () => {
    const world = new HubWorld();
    await world.told(Object.fromEntries(Array.from({ length: 60 }, (_, at) => [String(500000000000 + at), 111 + at])));
    const { stdout } = await world.order('status');
    expect(stdout.match(/organization approve \d+ --decision/g)).toHaveLength(60);
  });
});

describe('report', () => {
  test('as a page, which the hub makes; nothing is mailed unless that is asked for', async () => {
    const world = await HubWorld.calm();
    const file = path.join(folder, 'organization.html');
    const { exitCode, stdout, stderr } = await world.order('report', '--page', file);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`wrote ${file}`);
    const page = readFileSync(file, 'utf8');
    for (const account of LISTED) expect(page).toContain(account);
    expect(world.organization.subjects()).toEqual([]);
    expect(world.organization.pages.pages.size).toBe(0);
  });

  test('by mail', async () => {
    const world = await HubWorld.calm();
    const { stdout } = await world.order('report', '--mail');
    expect(world.organization.subjects()).toEqual(['[organization] $100.00 of $400.00: all is well']);
    expect(stdout).toContain("mailed to the hub's alert topic");
    expect((await world.order('report', '--mail', '--json')).json()).toMatchObject({ mailed: true, exitCode: 0 });
  });

  test.each([
    ['/nowhere/page.html', '--page /nowhere/page.html: there is no folder /nowhere; make it first'],
    [folder, `--page ${folder}: is not a file; name one, such as organization.html`],
    ['/proc/page.html', /^--page \/proc\/page\.html: it cannot be written \(E\w+\); name a file where you may write/],
  ])('a page that cannot be written at %s is refused before anything is mailed', async (file, message) => {
    const world = await HubWorld.calm();
    const { exitCode, stderr } = await world.order('report', '--mail', '--page', file);
    expect(exitCode).toBe(2);
    if (typeof message === 'string') expect(stderr).toBe(`${message}\n`);
    else expect(stderr).toMatch(message);
    expect(world.invoked).toEqual([]);
  });

  test('a hub whose answer has no page is told to be deployed again', async () => {
    const world = await HubWorld.calm();
    const { document } = (await world.organization.report()) as unknown as { document: object };
    const value = { kind: 'reported', document, mailed: false };
    world.answerOf.set('organization-report', { kind: 'returned', value });
    const file = path.join(folder, 'none.html');
    const { exitCode, stderr } = await world.order('report', '--page', file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('organization-report answers without a page; deploy the hub again');
    expect(existsSync(file)).toBe(false);
  });
});

describe('what keeps the hub from answering is named, with the fix', () => {
  test('the credentials of another account', async () => {
    const { exitCode, stderr } = await new CliWorld().run('organization', 'status');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'the hub is in account 111111111111 (managementAccount of config/organization-example.ts), and these credentials are of 111122223333; assume',
    );
  });

  test('no hub there', async () => {
    const world = await HubWorld.calm();
    world.deployed = [];
    const { exitCode, stderr, json } = await world.order('status', '--json');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'no function organization-report in us-east-1 (hubRegion of test/fixtures/organization.ts) of account 111122223333; deploy it with npx cdk deploy --all --context organization=test/fixtures/organization.ts',
    );
    expect(json().error.code).toBe('NOT_DEPLOYED');
  });

  test('credentials that may not', async () => {
    const world = await HubWorld.calm();
    world.denied.add('organization-report');
    const { exitCode, stderr, json } = await world.order('status', '--json');
    expect(exitCode).toBe(1);
    expect(json().error.code).toBe('NOT_PERMITTED');
    expect(stderr).toContain('may not run organization-report: AWS answered AccessDeniedException');
    expect(stderr).toContain(
      'output ViewerRoleArn or OperatorRoleArn: people.viewers and people.operators of test/fixtures/organization.ts name who may',
    );
  });

  test('no credentials at all', async () => {
    const world = await HubWorld.calm();
    world.refusal = NO_CREDENTIALS;
    const { exitCode, stderr } = await world.order('status');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('AWS credentials: none that hold (CredentialsProviderError); sign in');
  });

  test('its table does not answer: unknown, and not zero', async () => {
    const world = await HubWorld.calm();
    world.organization.state.failure = new ServiceError('unavailable', 'ServiceUnavailable', 'later');
    const { exitCode, stdout, stderr } = await world.order('status');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toBe(
      'what the organisation has spent is unknown: ServiceUnavailable from AWS; see docs/runbook.md, "organization-report"\n',
    );
    expect((await world.order('report', '--mail')).stderr).toContain('; that was mailed;');
  });

  test('a function that fails names its heading in the runbook', async () => {
    const world = await HubWorld.calm();
    world.answerOf.set('organization-report', { kind: 'failed', errorName: 'GuardError', text: 'ENVIRONMENT_INVALID' });
    const { exitCode, stderr } = await world.order('status');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ended in GuardError: ENVIRONMENT_INVALID; see docs/runbook.md, "organization-report"');
  });

  test.each([{ schemaVersion: 2 }, { accounts: undefined }])('a document of another version: %p', async (other) => {
    const world = await HubWorld.calm();
    const { document } = (await world.organization.report()) as unknown as { document: object };
    const value = JSON.parse(JSON.stringify({ kind: 'reported', mailed: false, document: { ...document, ...other } }));
    world.answerOf.set('organization-report', { kind: 'returned', value: value as unknown });
    const { exitCode, stderr } = await world.order('status');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('answers in a form that this version does not know');
  });

  test.each([
    ['/nowhere.ts', /^--organization \/nowhere\.ts: no such file; leave it out for config\/organization-example\.ts/],
    ['config', /^--organization config: it is a folder; name the file in it, such as config\/organization-example\.ts/],
    ['config/budget-tiers.ts', /config\/budget-tiers\.ts/],
  ])('a file that is none: %s', async (file, message) => {
    const { exitCode, stderr } = await new CliWorld().run('organization', 'status', '--organization', file);
    expect(exitCode).toBeGreaterThan(0);
    expect(stderr).toMatch(message);
  });

  test('a file with mistakes names each with its place', async () => {
    const file = path.join(folder, 'wrong.ts');
    writeFileSync(file, "export default { organizationId: 'x', accounts: { 12: { limitUsd: 1 } } };");
    const { exitCode, stderr } = await new CliWorld().run('organization', 'status', '--organization', file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(file);
    expect(stderr).toMatch(/organizationId/);
    expect(stderr).toMatch(/accounts\.12/);
  });
});

test('a share is of the account’s own limit: the nearest to it comes first, whatever others have spent', async () => {
  const world = await HubWorld.calm();
  const { accounts } = world.organization.organization;
  const small = { ...accounts, [ONE]: { limit: nanoUsd(usd(11)) } };
  world.organization.organization = { ...world.organization.organization, accounts: small };
  const { stdout } = await world.order('status');
  const order = stdout.split('\n').flatMap((line) => /^ {2}(\d{12}) /.exec(line)?.[1] ?? []);
  expect(order).toEqual([ONE, AUTOMATIC, NEVER, TWO]);
});
