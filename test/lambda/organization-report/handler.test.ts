import { usd } from '../../../core/money';
import { throttled } from '../../contracts/throttled';
import { AUTOMATIC, MANAGEMENT, NEVER, ONE, ORGANIZATION, TWO, UNLISTED } from '../../helpers/organization';
import { OrganizationWorld } from '../../helpers/organization-world';

let world: OrganizationWorld;
beforeEach(() => void (world = new OrganizationWorld()));

const scheduled = () => ({ source: 'schedule', scheduledAt: new Date(world.now).toISOString() });
const body = () => world.mail.sent.at(-1)?.body ?? '';

/** One waits, Two is well, Never is over, Automatic is braked, Management is unheard, and one is unlisted. */
async function month(): Promise<void> {
  await world.told(ONE, { spentNano: usd(110) });
  await world.told(TWO, { spentNano: usd(20) });
  await world.told(NEVER, { spentNano: usd(200) });
  await world.told(AUTOMATIC, { spentNano: usd(150) });
  await world.told(UNLISTED, { environment: 'prod', spentNano: usd(5), enforce: false });
  await world.brake();
  world.mail.sent.length = 0;
}

describe('the daily mail', () => {
  test('says the sum, who must decide, and every account', async () => {
    await month();
    expect(await world.report(scheduled())).toMatchObject({ kind: 'reported', mailed: true });
    expect(world.subjects()).toEqual(['[organization] at least $485.00 of $600.00: 1 account needs your decision']);
    const text = body();
    expect(text).toContain('Spent in 2026-11: at least $485.00 of $600.00, by what 5 of 6 accounts have told.');
    expect(text).toContain(`npx spend-guard organization approve ${ONE} --decision 2026-11.1`);
    for (const account of [MANAGEMENT, ONE, TWO, NEVER, AUTOMATIC, UNLISTED]) {
      expect(text).toMatch(new RegExp(`^  ${account}  `, 'm'));
    }
    expect(text).toMatch(new RegExp(`${MANAGEMENT}  unheard .*unknown  of \\$100\\.00$`, 'm'));
    expect(text).toMatch(
      new RegExp(`${AUTOMATIC}  dev open .*brake: attached .*\\$150\\.00  of \\$100\\.00  150\\.0%$`, 'm'),
    );
    expect(text).toContain(`${NEVER}: $200.00 is spent of $100.00; the limits file says brake: 'never'`);
    expect(text).toContain(`${UNLISTED}: is not in the limits file`);
    expect(text).toContain('prod open (dry run)');
  });

  test('names the silent ones, and counts them as a lower bound', async () => {
    world.organization = { ...ORGANIZATION, accounts: { [ONE]: { limit: usd(100) } } };
    await world.told(ONE);
    await world.brake();
    await world.report(scheduled());
    expect(world.subjects()).toEqual(['[organization] $10.00 of $100.00: all is well']);
    world.pass(120);
    await world.brake();
    await world.report({ mail: true });
    expect(world.subjects().at(-1)).toBe(
      `[organization] at least $10.00 of $100.00: ${ONE} dev is silent since 2026-11-12T12:00:00.000Z`,
    );
    expect(world.metrics.latest('Findings')).toBe(1);
  });

  test('nothing heard of anybody is unknown, and never $0.00', async () => {
    await world.report(scheduled());
    expect(world.subjects()[0]).toMatch(/^\[organization\] unknown of \$500\.00: /);
    expect(body()).not.toContain('$0.00');
  });

  test('says where the brake has not run, or cannot see', async () => {
    await world.told(ONE);
    await world.report(scheduled());
    expect(body()).toContain('the brake has never run');
    await world.brake();
    world.pass(31);
    await world.report({ mail: true });
    expect(body()).toContain('the brake has not run since 2026-11-12T12:00Z');
    world.policy.failure = throttled();
    await expect(world.brake()).rejects.toThrow();
    await world.report({ mail: true });
    expect(body()).toContain("where the brake's policy is attached is unknown: ThrottlingException");
  });

  test('of many accounts it stays within what SNS takes, the dearest first', async () => {
    const accounts = Array.from({ length: 4_000 }, (_, at) => String(100_000_000_000 + at));
    const listed = Object.fromEntries(accounts.map((account) => [account, { limit: usd(100) }]));
    world.organization = { ...ORGANIZATION, accounts: listed };
    for (const [at, account] of accounts.entries()) await world.hear(account, { spentNano: usd(at % 100) });
    await world.report(scheduled());
    expect(body()).toContain('lines more, on the page');
    expect(
      body()
        .split('\n')
        .find((line) => line.includes('brake: none')),
    ).toContain('$99.00');
    expect(world.pages.pages.get('organization.html')).toContain(accounts.at(-1));
  });
});

describe('once a local day', () => {
  test('a second event of the day mails nobody, the next day does', async () => {
    world.now = Date.parse('2026-11-12T07:00:00Z');
    await world.report(scheduled());
    world.pass(5);
    expect(await world.report(scheduled())).toMatchObject({ kind: 'skipped' });
    world.pass(24 * 60);
    await world.report(scheduled());
    expect(world.mail.sent).toHaveLength(2);
    expect([...world.reports.reports.keys()]).toEqual(['2026-11-12 Europe/Berlin', '2026-11-13 Europe/Berlin']);
  });

  test.each([
    ['2026-11-12T22:59:59Z', 'Europe/Berlin', '2026-11-12'],
    ['2026-11-12T23:00:00Z', 'Europe/Berlin', '2026-11-13'],
    ['2026-11-12T04:59:59Z', 'America/New_York', '2026-11-11'],
    ['2026-11-12T10:00:00Z', 'Pacific/Kiritimati', '2026-11-13'],
  ])('%s in %s is %s', async (at, zone, day) => {
    world.now = Date.parse(at);
    await world.report(scheduled(), zone);
    expect([...world.reports.reports.keys()]).toEqual([`${day} ${zone}`]);
    expect([...world.pages.pages.keys()]).toEqual(['organization.html', `days/${day}.html`]);
  });

  test('a run that is on it keeps another one away, and one that has died does not', async () => {
    await world.reports.claim('2026-11-12 Europe/Berlin' as never, world.now - 30_000, 0);
    expect(await world.report(scheduled())).toMatchObject({ kind: 'skipped', why: 'another run is reporting' });
    world.now += 25_000;
    expect(await world.report(scheduled())).toMatchObject({ kind: 'reported', mailed: true });
  });

  test('a mail that fails is tried again, and goes out once', async () => {
    world.mail.failure = throttled();
    await expect(world.report(scheduled())).rejects.toMatchObject({ refusal: 'throttled' });
    world.mail.failure = undefined;
    world.pass(1);
    await world.report(scheduled());
    await world.report(scheduled());
    expect(world.mail.sent).toHaveLength(1);
  });
});

describe('what cannot be had', () => {
  test('a page that cannot be written is said in the mail, which goes out', async () => {
    world.pages.failure = throttled();
    await world.report(scheduled());
    expect(body()).toContain('The page could not be written: ThrottlingException from AWS.');
  });

  test('a table that does not answer is tried again, and at last mailed as unknown', async () => {
    await world.told(ONE);
    world.state.failure = throttled();
    const due = scheduled();
    for (const attempt of [1, 2]) {
      await expect(world.report(due)).rejects.toMatchObject({
        code: 'TABLE_UNAVAILABLE',
        message: expect.stringContaining(`attempt ${attempt} of 3`),
      });
      world.pass(1);
    }
    expect(await world.report(due)).toMatchObject({ kind: 'unknown', mailed: true });
    expect(world.subjects()).toEqual(['[organization] unknown: ThrottlingException from AWS']);
    expect(body()).not.toContain('unheard');
  });
});

describe('on demand', () => {
  test('the same for machines: nothing is mailed, and no page is written', async () => {
    await month();
    const answer = await world.report();
    expect(answer).toMatchObject({
      kind: 'reported',
      mailed: false,
      document: { schemaVersion: 1, month: '2026-11', spentNano: usd(485), atLeast: true, limitNano: usd(600) },
    });
    if (answer.kind !== 'reported') throw new Error('not reported');
    const [management, one] = answer.document.accounts;
    expect(management).toMatchObject({ account: MANAGEMENT, heard: 'unheard', spentNano: null, atLeast: true });
    expect(one).toMatchObject({
      brake: { mode: 'needsApproval', status: 'waiting', decision: '2026-11.1' },
      environments: [{ environment: 'dev', silent: false, spentNano: usd(110) }],
    });
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
    expect([world.mail.sent, world.pages.pages.size]).toEqual([[], 0]);
  });

  test('an override and a failure are told', async () => {
    world.policy.missing.add(AUTOMATIC);
    await world.told(AUTOMATIC, { spentNano: usd(110) });
    const until = '2026-11-20T00:00:00.000Z';
    await world.brake({ command: 'lift', account: ONE, by: 'ops', reason: 'launch', until });
    const answer = await world.report();
    if (answer.kind !== 'reported') throw new Error('not reported');
    const brakes = Object.fromEntries(answer.document.accounts.map(({ account, brake }) => [account, brake]));
    expect(brakes[AUTOMATIC]).toMatchObject({ status: 'attaching', failure: 'TargetNotFoundException' });
    expect(brakes[ONE]).toMatchObject({ status: 'none', override: { by: 'ops', reason: 'launch', until } });
  });

  test('the page, where it is asked for', async () => {
    expect(await world.report({ page: true })).toMatchObject({ page: expect.stringContaining('<!doctype html>') });
    expect(await world.report({})).not.toHaveProperty('page');
  });

  test.each([[null], [[]], [{ mail: 'yes' }], [{ source: 'other' }], [{ source: 'schedule' }]])(
    '%j is refused',
    async (event) => {
      await expect(world.report(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
    },
  );

  test('an event of a later time is refused', async () => {
    const scheduledAt = new Date(world.now + 61 * 60_000).toISOString();
    await expect(world.report({ source: 'schedule', scheduledAt })).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });
});

test('an account with as many environments as it may have hides nobody else, and the mail stays short', async () => {
  await month();
  for (let number = 1; number <= 49; number++) {
    await world.hear(TWO, { environment: `${'x'.repeat(60)}${number}`, spentNano: 0 });
  }
  world.pass(3 * 60);
  await world.report(scheduled());
  const lines = body().split('\n');
  expect(lines.filter((line) => line.includes(`${TWO}: `))).toEqual([
    expect.stringMatching(/^ {2}222222222222: 50 environments are silent: (\S+, ){4}\S+ and 45 more$/),
  ]);
  expect(lines).toContain(`  ${AUTOMATIC}: dev is silent since 2026-11-12T12:00:00.000Z`);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(600);
});
