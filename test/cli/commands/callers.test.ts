import { createHash } from 'node:crypto';
import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import { parseKey } from '../../../core/callers/key';
import { ServiceError } from '../../../core/errors';
import { callerDirectory } from '../../../server/callers/directory';
import { dynamoDbCallers } from '../../../client/adapters/dynamodb-callers';
import { CliWorld } from '../world';

const CONFIG = ['--config', 'test/fixtures/shared-budgets.ts'];
const DEV = ['--env', 'dev', ...CONFIG];
const ALEX = ['--person', 'alex@example.com', '--expires', '30d'];
const NIGHTLY = ['--budget', 'search/nightly'];
const ISO = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const add = (world: CliWorld, ...args: string[]) => world.run('callers', 'add', ...DEV, ...args);
const list = (world: CliWorld, ...args: string[]) => world.run('callers', 'list', ...DEV, ...args);
const revoke = (world: CliWorld, id: string, ...args: string[]) => world.run('callers', 'revoke', id, ...DEV, ...args);

interface Made {
  readonly id: string;
  readonly key: string;
  readonly [name: string]: unknown;
}
const made = async (world: CliWorld, ...args: string[]) =>
  (await add(world, ...NIGHTLY, ...ALEX, ...args, '--json')).json() as unknown as Made;

const items = (world: CliWorld, prefix: string) =>
  [...world.callers.table.items.values()].filter(({ pk }) => String(pk).startsWith(prefix));
/** As a server finds it, in the same table. */
const served = (world: CliWorld, key: string) =>
  callerDirectory({
    callers: dynamoDbCallers({ tableName: 'leases', documents: world.callers.table.documents }),
    now: () => world.now,
  }).find(key);

describe('callers add', () => {
  test('a key that a server takes, on its budget, until it ends', async () => {
    const world = new CliWorld();
    const { id, key } = await made(world, '--name', 'ci');
    expect(parseKey(key)?.id).toBe(id);
    expect(await served(world, key)).toEqual({ id, budget: 'search/nightly', person: 'alex@example.com' });
    world.now += 30 * DAY_MS - 1;
    expect(await served(world, key)).toBeDefined();
    world.now += 1;
    expect(await served(world, key)).toBeUndefined();
  });

  test('the key is on standard output once, and nowhere else; only its hash is stored', async () => {
    const world = new CliWorld();
    const { exitCode, stdout, stderr } = await add(world, ...NIGHTLY, ...ALEX);
    expect(exitCode).toBe(0);
    const [key = '', ...more] = stdout.match(/sgk-[\w-]+/g) ?? [];
    expect(more).toEqual([]);
    expect(stdout).toContain(`\n${key}\n`);
    const { id, secret } = parseKey(key)!;
    expect(stderr).not.toContain(secret);
    const stored = JSON.stringify([...world.callers.table.items.values()]);
    expect(stored).not.toContain(secret);
    expect(stored).toContain(createHash('sha256').update(secret).digest('hex'));
    expect(items(world, 'CALLER#')).toEqual([
      {
        ...{ pk: `CALLER#${id}`, sk: 'CALLER', schemaVersion: 1, budget: 'search/nightly', person: 'alex@example.com' },
        ...{ hash: expect.stringMatching(/^[0-9a-f]{64}$/), createdAt: world.now, createdBy: 'ana' },
        ...{ expiresAtMs: world.now + 30 * DAY_MS, expiresAt: Math.ceil((world.now + 60 * DAY_MS) / 1000) },
      },
    ]);
    expect(items(world, 'audit')).toMatchObject([{ kind: 'caller-added', id, budget: 'search/nightly', by: 'ana' }]);
  });

  test('and what to set for whom', async () => {
    const world = new CliWorld();
    const { stdout } = await add(world, ...NIGHTLY, ...ALEX);
    expect(stdout).toContain(
      `A key for alex@example.com on budget 'search/nightly' of dev, good until ${ISO(world.now + 30 * DAY_MS)}.`,
    );
    for (const word of [
      'AWS_BEARER_TOKEN_BEDROCK',
      'AWS_ENDPOINT_URL_BEDROCK_RUNTIME=http://127.0.0.1:8787',
      'CLAUDE_CODE_USE_BEDROCK=1 ANTHROPIC_BEDROCK_BASE_URL=http://127.0.0.1:8787',
      'npx spend-guard callers revoke',
    ])
      expect(stdout).toContain(word);
  });

  test('as JSON', async () => {
    const world = new CliWorld();
    const { json } = await add(world, ...NIGHTLY, ...ALEX, '--name', 'ci', '--json');
    expect(json()).toEqual({
      ...{ schemaVersion: 1, command: 'callers add', exitCode: 0, environment: 'dev', budget: 'search/nightly' },
      ...{ id: expect.any(String), key: expect.any(String), person: 'alex@example.com', name: 'ci' },
      ...{ createdAt: world.now, createdBy: 'ana', expiresAt: world.now + 30 * DAY_MS },
    });
  });

  test('no two keys are alike', async () => {
    const world = new CliWorld();
    const keys = [await made(world), await made(world)];
    expect(new Set(keys.map(({ id }) => id)).size).toBe(2);
    expect(new Set(keys.map(({ key }) => parseKey(key)?.secret)).size).toBe(2);
    expect(items(world, 'CALLER#')).toHaveLength(2);
  });

  test('an environment without budgets within its own has one that needs no name', async () => {
    const world = new CliWorld();
    const { json, exitCode } = await world.run('callers', 'add', '--env', 'dev', ...ALEX, '--json');
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({ budget: '' });
    const { stdout } = await world.run('callers', 'add', '--env', 'dev', ...ALEX);
    expect(stdout).toContain("alex@example.com on the environment's budget of dev");
  });

  test.each([
    ['1h', HOUR_MS],
    ['1d', DAY_MS],
    ['366d', 366 * DAY_MS],
    ['8784h', 366 * DAY_MS],
  ])('--expires %s', async (expires, ms) => {
    const world = new CliWorld();
    const { json } = await add(world, ...NIGHTLY, '--person', 'alex', '--expires', expires, '--json');
    expect(json()).toMatchObject({ expiresAt: world.now + ms });
  });
});

describe('what is refused, and no key is made', () => {
  const with_ = (option: string, value?: string) => {
    const all = { '--budget': 'search', '--person': 'alex', '--expires': '30d', ...{ [option]: value } };
    return Object.entries(all).flatMap(([name, text]) => (text === undefined ? [] : [name, text]));
  };
  const DURATIONS = 'allowed: hours or days, up to 366d, such as 12h or 30d';

  test.each([
    [with_('--budget', 'serch'), '--budget serch: no such budget; nearest: search; allowed: search, search/nightly,'],
    [with_('--budget', ''), 'environments.dev.budgets of test/fixtures/shared-budgets.ts, and is deployed'],
    [with_('--budget'), '--budget: must say which the key draws on, such as --budget search; allowed: search,'],
    [with_('--budget', 'constructor'), '--budget constructor: no such budget'],
    [with_('--expires', '0'), `--expires 0: not a duration; ${DURATIONS}`],
    [with_('--expires', '0d'), `--expires 0d: must be more than 0 and at most 366 days; ${DURATIONS}`],
    [with_('--expires', '367d'), '--expires 367d: must be more than 0 and at most 366 days'],
    [with_('--expires', '8785h'), '--expires 8785h: must be more than 0 and at most 366 days'],
    [with_('--expires', '400d'), '--expires 400d: must be'],
    [with_('--expires', 'never'), `--expires never: not a duration; ${DURATIONS}`],
    [with_('--expires', '1.5d'), '--expires 1.5d: not a duration'],
    [with_('--expires', '-30d'), '--expires'],
    [with_('--expires', '30'), '--expires 30: not a duration'],
    [with_('--expires'), `--expires: must say how long the key is good; ${DURATIONS}`],
    [
      with_('--person', ''),
      '--person "": must not be empty; it says who answers for the key, such as alex@example.com',
    ],
    [with_('--person', ' '), '--person " ": must not be empty'],
    [with_('--person', 'a\nb'), '--person "a\\nb": must have no control characters'],
    [with_('--person', 'x'.repeat(129)), 'must have at most 128 characters'],
    [with_('--person'), '--person: must say who answers for the key'],
    [with_('--name', ''), '--name "": must not be empty'],
  ])('%j', async (args, message) => {
    const world = new CliWorld();
    const { exitCode, stderr, stdout } = await add(world, ...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(items(world, 'CALLER#')).toEqual([]);
  });

  test('a budget of an environment that has none', async () => {
    const { exitCode, stderr } = await new CliWorld().run('callers', 'add', '--env', 'dev', ...NIGHTLY, ...ALEX);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--budget search/nightly: dev has no budgets within its own: leave it out');
  });

  test('production asks, and no is no', async () => {
    const world = new CliWorld();
    world.deployed = world.deployed.map((one) => ({ ...one, name: one.name.replace('-dev-', '-prod-') }));
    world.isTerminal = true;
    world.answers = ['n', 'y'];
    const prod = () => world.run('callers', 'add', '--env', 'prod', ...CONFIG, ...NIGHTLY, ...ALEX);
    expect((await prod()).exitCode).toBe(3);
    expect(items(world, 'CALLER#')).toEqual([]);
    expect((await prod()).exitCode).toBe(0);
    expect(world.asked[0]).toContain(
      "Make a key for alex@example.com on budget 'search/nightly' of prod? It is production.",
    );
  });

  test('an environment that is not deployed, and a table that refuses', async () => {
    const world = new CliWorld();
    world.deployed = [];
    expect((await add(world, ...NIGHTLY, ...ALEX)).stderr).toContain('deploy it with npx cdk deploy --context env=dev');
    const denied = new CliWorld();
    denied.refusal = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 400);
    const { exitCode, stdout } = await add(denied, ...NIGHTLY, ...ALEX);
    expect([exitCode, stdout]).toEqual([1, '']);
  });
});

describe('callers list', () => {
  test('none', async () => {
    const { exitCode, stdout } = await list(new CliWorld());
    expect([exitCode, stdout]).toEqual([0, 'dev has no keys of callers. To make one: npx spend-guard callers add\n']);
  });

  test('whose they are and until when, also of those that ended; never a hash or a key', async () => {
    const world = new CliWorld();
    const began = world.now;
    const short = await made(world, '--expires', '1h', '--name', 'ci');
    const [long, gone] = [await made(world), await made(world)];
    await revoke(world, gone.id);
    world.now += HOUR_MS;
    const { exitCode, stdout } = await list(world);
    expect(exitCode).toBe(0);
    const whose = "alex@example.com, budget 'search/nightly'; made by ana";
    expect(stdout.trim().split('\n').toSorted()).toEqual(
      [
        `${short.id}  expired  ended ${ISO(began + HOUR_MS)}  ${whose.replace(',', ' (ci),')}, ${ISO(began)}`,
        `${long.id}  active   until ${ISO(began + 30 * DAY_MS)}  ${whose}, ${ISO(began)}`,
        `${gone.id}  revoked  by ana, ${ISO(began)}  ${whose}, ${ISO(began)}`,
      ].toSorted(),
    );
    const json = await list(world, '--json');
    const callers = json.json()['callers'] as unknown as Record<string, unknown>[];
    expect(callers.find(({ id }) => id === short.id)).toEqual({
      ...{ id: short.id, state: 'expired', budget: 'search/nightly', budgetInConfig: true, person: 'alex@example.com' },
      ...{ name: 'ci', createdAt: began, createdBy: 'ana', expiresAt: began + HOUR_MS },
    });
    for (const item of items(world, 'CALLER#')) expect(stdout + json.stdout).not.toContain(item['hash']);
    for (const { key } of [short, long, gone]) expect(stdout + json.stdout).not.toContain(parseKey(key)!.secret);
  });

  test('a key that works no more since its budget is gone, and an item that cannot be read, need attention', async () => {
    const world = new CliWorld();
    const { id } = await made(world);
    const [item] = items(world, 'CALLER#');
    world.callers.table.put({ ...item, budget: 'search/old' });
    world.callers.table.put({ ...item, pk: 'CALLER#zzzzzzzzzz', schemaVersion: 2 });
    const { exitCode, stdout } = await list(world);
    expect(exitCode).toBe(4);
    expect(stdout).toContain(`${id}  active`);
    expect(stdout).toContain('the config has no such budget, so the server refuses it');
    expect(stdout).toContain('zzzzzzzzzz  unknown  item CALLER#zzzzzzzzzz / CALLER is not what this release writes');
    await revoke(world, id);
    await revoke(world, 'zzzzzzzzzz');
    expect((await list(world)).stdout).not.toContain('no such budget');
  });
});

describe('callers revoke', () => {
  test('by its id: a server that reads it afterwards refuses it; audited', async () => {
    const world = new CliWorld();
    const { id, key } = await made(world, '--name', 'ci');
    const { exitCode, stdout } = await revoke(world, id);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `Key ${id} of alex@example.com (ci) on budget 'search/nightly' is revoked: every server refuses it within 5 s.`,
    );
    expect(await served(world, key)).toBeUndefined();
    expect(items(world, 'audit').map(({ kind }) => kind)).toContain('caller-revoked');
  });

  test('by the whole key, such as one that was found somewhere; which is not repeated', async () => {
    const world = new CliWorld();
    const { id, key } = await made(world);
    const { json, stdout } = await revoke(world, key, '--json');
    expect(json()).toMatchObject({ environment: 'dev', id, revoked: 'revoked', by: 'ana', at: world.now });
    expect(stdout).not.toContain(parseKey(key)!.secret);
    expect(await served(world, key)).toBeUndefined();
  });

  test('again: nothing is changed, and it is no failure', async () => {
    const world = new CliWorld();
    const { id } = await made(world);
    await revoke(world, id);
    const [before] = items(world, 'CALLER#');
    world.now += 1;
    const { exitCode, stdout } = await revoke(world, id);
    expect([exitCode, items(world, 'CALLER#')[0]]).toEqual([0, before]);
    expect(stdout).toContain('was revoked before; nothing was changed');
  });

  test('one that is not there is named, with the nearest; none is made', async () => {
    const world = new CliWorld();
    expect((await revoke(world, 'abcdef0123')).stderr).toContain(
      'callers revoke abcdef0123 --env dev: no such key; dev has none',
    );
    const { id } = await made(world);
    const { exitCode, stderr } = await revoke(world, `${id}x`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`no such key; nearest: ${id}; to see all: npx spend-guard callers list --env dev`);
    const other = await revoke(world, `sgk-abcdef0123-${'s'.repeat(43)}`);
    expect(other.stderr).not.toContain('sss');
    expect(items(world, 'CALLER#')).toHaveLength(1);
  });

  test('a key with a letter too few or too many is not repeated either', async () => {
    const { stderr } = await revoke(new CliWorld(), `sgk-abcdef0123-${'s'.repeat(42)}`);
    expect(stderr).toContain('callers revoke <id> --env dev: no such key');
    expect(stderr).not.toContain('sss');
  });
});
