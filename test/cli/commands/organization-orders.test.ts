import { ServiceError } from '../../../core/errors';
import { AUTOMATIC, NEVER, ONE, TWO } from '../../helpers/organization';
import { HubWorld } from '../hub-world';

const BY = 'ana (arn:aws:sts::111122223333:assumed-role/health-check/run)';
const REASON = ['--reason', 'incident'];

describe('approve', () => {
  test('says what is denied, to whom, and why, and attaches the brake once somebody says yes', async () => {
    const world = await HubWorld.waiting();
    world.answers = ['y'];
    const { exitCode, stdout } = await world.order('approve', TWO, '--decision', '2026-11.1');
    expect(world.asked).toEqual([
      `Approve decision 2026-11.1 for ${TWO}: deny all that costs on Amazon Bedrock to everybody in it but the roles of brake.neverStop ($112.50 is spent this month, and the brake's line is $110.00 at a limit of $100.00)? [y/N] `,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')[0]).toBe(
      `The brake of ${TWO} is attached: $112.50 is spent this month, and the brake's line is $110.00 at a limit of $100.00`,
    );
    expect(stdout).toContain(`npx spend-guard organization lift ${TWO} --reason`);
    expect(world.orders()).toEqual([{ command: 'approve', account: TWO, decision: '2026-11.1', by: BY }]);
    expect(world.attached()).toEqual([TWO]);
  });

  test('without a decision it is of the one that waits, and names it in the order', async () => {
    const world = await HubWorld.waiting();
    const { exitCode, json } = await world.order('approve', TWO, '--yes', '--json');
    expect(exitCode).toBe(0);
    expect(world.asked).toEqual([]);
    expect(json()).toMatchObject({
      schemaVersion: 1,
      command: 'organization approve',
      exitCode: 0,
      account: TWO,
      order: { command: 'approve', decision: '2026-11.1', by: BY },
      brake: 'attached',
      troubles: [],
      before: { account: TWO, brake: { status: 'waiting' } },
    });
  });

  test.each([
    [['n'], 'Declined: nothing was done.\n'],
    [[undefined], /nobody can be asked here, as this is no terminal; add --yes to go ahead/],
  ])('nothing is ordered without a yes: %p', async (answers, message) => {
    const world = await HubWorld.waiting();
    world.answers = answers;
    const { exitCode, stderr } = await world.order('approve', TWO);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(message);
    expect(world.orders()).toEqual([]);
    expect(world.attached()).toEqual([]);
  });

  test('a decision that has ended is refused before anybody is asked, and the one that waits is named', async () => {
    const world = await HubWorld.waiting();
    const { exitCode, stderr } = await world.order('approve', TWO, '--decision', '2026-10.7');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `organization approve ${TWO} --decision 2026-10.7: it has ended, or never was; 2026-11.1 waits now: $112.50`,
    );
    expect(world.asked).toEqual([]);
    expect(world.orders()).toEqual([]);
  });

  test('a decision that ends while a person reads the question is refused by the hub', async () => {
    const world = await HubWorld.waiting();
    world.answerOf.set('organization-brake', {
      kind: 'returned',
      value: { kind: 'refused', account: TWO, why: 'no decision waits for it' },
    });
    const { exitCode, stderr } = await world.order('approve', TWO, '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `organization approve ${TWO}: the hub has refused it: no decision waits for it; see npx spend-guard organization status\n`,
    );
  });

  test('where none waits', async () => {
    const world = await HubWorld.waiting();
    const one = await world.order('approve', ONE, '--yes');
    expect(one.exitCode).toBe(2);
    expect(one.stderr).toContain(`organization approve ${ONE}: no decision waits for it; to stop it all the same:`);
    const stale = await world.order('approve', ONE, '--decision', '2026-11.1', '--yes');
    expect(stale.stderr).toContain('it has ended, or never was; none waits now');
    await world.order('approve', TWO, '--yes');
    const again = await world.order('approve', TWO, '--yes');
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain('decision 2026-11.1 needs no approval any more, the brake is attached: $112.50');
  });

  test('what was approved and AWS refuses is no success: it says why, and that it is tried again', async () => {
    const world = await HubWorld.waiting();
    world.organization.policy.others.set(TWO, 10);
    const { exitCode, stdout } = await world.order('approve', TWO, '--yes');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`Ordered, and the brake of ${TWO} is attaching still; each run of the hub tries again`);
    expect(stdout).toContain(`  ${TWO}: attach: MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED`);
    const again = await world.order('approve', TWO, '--yes');
    expect(again.stderr).toContain(
      'the brake is attaching, which AWS Organizations refuses: MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED; each run tries again',
    );
  });
});

describe('stop', () => {
  test('puts the brake on an account that has spent little, and says how it ends', async () => {
    const world = await HubWorld.calm();
    world.answers = ['yes'];
    const { exitCode, stdout } = await world.order('stop', ONE, ...REASON);
    expect(exitCode).toBe(0);
    expect(world.asked[0]).toMatch(
      /^Stop account 111111111111: deny all .*, until somebody lifts it \(\$10\.00 of \$100\.00 is spent this month\)\?/,
    );
    expect(stdout).toContain(`The brake of ${ONE} is attached: incident`);
    expect(stdout).toContain("It holds over the month's turn too.");
    expect(world.orders()).toEqual([{ command: 'stop', account: ONE, reason: 'incident', by: BY }]);
    expect(world.attached()).toEqual([ONE]);
  });

  test('twice is once', async () => {
    const world = await HubWorld.calm();
    await world.order('stop', ONE, ...REASON, '--yes');
    const { exitCode } = await world.order('stop', ONE, ...REASON, '--yes');
    expect(exitCode).toBe(0);
    expect(world.organization.subjects()).toHaveLength(1);
  });

  test('a mail that could not be sent is told, and the brake is on', async () => {
    const world = await HubWorld.calm();
    world.organization.mail.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
    const { exitCode, stdout } = await world.order('stop', ONE, ...REASON, '--yes');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`The brake of ${ONE} is attached: incident`);
    expect(stdout).toContain('ThrottlingException');
  });

  test("an account whose brake is 'never' names the place in the file", async () => {
    const world = await HubWorld.calm();
    const { exitCode, stderr } = await world.order('stop', NEVER, ...REASON, '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `the deployed limits say brake: 'never' of it; change accounts.${NEVER} in test/fixtures/organization.ts, and deploy the hub first`,
    );
    expect(world.orders()).toEqual([]);
  });

  test('an account that nobody ever heard of is stopped where the file has it', async () => {
    const world = new HubWorld();
    const { exitCode, stderr } = await world.order('stop', AUTOMATIC, ...REASON);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('(what it has spent of $100.00 is unknown: nothing was ever heard of it)');
    expect((await world.order('stop', AUTOMATIC, ...REASON, '--yes')).exitCode).toBe(0);
  });

  test.each<[string, (world: HubWorld) => void]>([
    [
      'the report fails',
      (world) =>
        world.answerOf.set('organization-report', { kind: 'failed', errorName: 'Runtime.ExitError', text: 'gone' }),
    ],
    [
      'the report does not know',
      (world) =>
        world.answerOf.set('organization-report', {
          kind: 'returned',
          value: { kind: 'unknown', why: 'ThrottlingException from AWS', mailed: false },
        }),
    ],
  ])('%s: the account is stopped all the same', async (_, given) => {
    const world = await HubWorld.calm();
    given(world);
    world.answers = ['y'];
    const { exitCode, stderr } = await world.order('stop', ONE, ...REASON);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`How ${ONE} stands is unknown:`);
    expect(world.asked[0]).toContain('(what it has spent is unknown)?');
    expect(world.attached()).toEqual([ONE]);
  });
});

describe('lift', () => {
  test('takes the brake off until a time, and says when that ends', async () => {
    const world = await HubWorld.waiting();
    await world.order('approve', TWO, '--yes');
    world.answers = ['y'];
    const { exitCode, stdout } = await world.order('lift', TWO, ...REASON, '--until', '6h');
    expect(exitCode).toBe(0);
    expect(world.asked[0]).toMatch(
      /^Lift the brake of 222222222222 until 2026-11-23 15:02 UTC at the latest \(\$112\.50 of \$100\.00 is spent this month\)\?/,
    );
    expect(stdout).toContain(`The hub has no brake on ${TWO} any more`);
    expect(stdout).toContain('That ends at 2026-11-23 15:02 UTC: then');
    expect(world.orders().at(-1)).toEqual({
      command: 'lift',
      account: TWO,
      reason: 'incident',
      until: '2026-11-23T15:02:00.000Z',
      by: BY,
    });
    expect(world.attached()).toEqual([]);
  });

  test('without a time it ends with the month; where no brake is on, the question says so', async () => {
    const world = await HubWorld.calm();
    world.answers = ['y'];
    const { stdout } = await world.order('lift', ONE, ...REASON);
    expect(world.asked[0]).toMatch(
      /^Keep the brake off 111111111111, where none is on now, until 2026-12-01 00:00 UTC/,
    );
    expect(stdout).toContain('That ends at 2026-12-01 00:00 UTC: then');
    expect(world.orders()).toEqual([{ command: 'lift', account: ONE, reason: 'incident', by: BY }]);
  });

  test('a time after the month is cut to it', async () => {
    const world = await HubWorld.calm();
    const { stdout } = await world.order('lift', ONE, ...REASON, '--until', '2026-12-24T00:00Z', '--yes');
    expect(stdout).toContain('That ends at 2026-12-01 00:00 UTC: then');
  });

  test.each([
    ['1h ago', /^--until 1h ago: not a time/],
    [
      '2026-11-23T09:01Z',
      /^--until 2026-11-23T09:01Z: must be in the future, such as 6h; it is 2026-11-23 09:01 UTC now/,
    ],
    ['2026-11-24T18:00', /^--until 2026-11-24T18:00: not a time; allowed: .* with its zone/],
  ])('--until %s is refused', async (until, message) => {
    const world = await HubWorld.calm();
    const { exitCode, stderr } = await world.order('lift', ONE, ...REASON, '--until', until, '--yes');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(world.invoked).toEqual([]);
  });

  test('what somebody else has attached stays, and no success is claimed', async () => {
    const world = await HubWorld.calm();
    world.organization.policy.attached.add(ONE);
    const { exitCode, stdout, json } = await world.order('lift', ONE, ...REASON, '--yes', '--json');
    expect(exitCode).toBe(4);
    expect(json()).toMatchObject({ brake: 'none', until: '2026-12-01T00:00:00.000Z' });
    expect(stdout).toContain('somebody else has attached the policy, and the hub does not detach it');
  });

  test('while AWS Organizations does not answer, the order stands and is no success', async () => {
    const world = await HubWorld.waiting();
    await world.order('approve', TWO, '--yes');
    world.organization.policy.failure = new ServiceError('throttled', 'TooManyRequestsException', 'slow down');
    const { exitCode, stdout } = await world.order('lift', TWO, ...REASON, '--yes');
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`Ordered, and the brake of ${TWO} is detaching still`);
    expect(stdout).toContain('where the policy is attached is unknown: TooManyRequestsException');
    expect(world.attached()).toEqual([TWO]);
    world.organization.policy.failure = undefined;
    await world.organization.brake();
    expect(world.attached()).toEqual([]);
  });
});
