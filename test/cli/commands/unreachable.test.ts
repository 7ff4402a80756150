import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { awsServices } from '../../../cli/aws';
import shipped from '../../../config/budget-tiers';
import { loadGuard } from '../../../config/load';
import { ServiceError } from '../../../core/errors';
import { CliWorld, NO_CREDENTIALS } from '../world';

/** Whatever is asked of AWS: where it cannot be asked at all, that is the answer, in the same words and with the same code. */

const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-unreachable-'));
const config = path.join(folder, 'guard.js');
writeFileSync(path.join(folder, 'spend-guard-client.dev.json'), JSON.stringify(synthesized()));
const more = { principals: { users: ['ana'], roles: [], groups: [] }, budgets: { search: { monthlyLimitUsd: 5 } } };
writeFileSync(
  config,
  `module.exports = { default: ${JSON.stringify({ environments: { dev: { ...shipped.environments['dev'], ...more } } })} };`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [
  'health --aws-auth',
  'health --hold 30m',
  'costs',
  'costs --mail',
  'costs --by budget',
  'status',
  'stop --reason x',
  'resume --reason x',
  'release --reason x',
  'plan',
  'concurrency restore',
  'concurrency restore --for-deploy',
  'keys',
  'budget',
  'budget --limit 5',
  'budgets',
  'budgets set search --limit 5 --reason x',
  `client-config --app ${folder}`,
  'alerts test',
  'doctor',
];

const CREDENTIALS = /^AWS credentials: none that hold \((\w+)\); sign in, /;
const NO_ANSWER = /^AWS did not answer \(.+\); check the network, the Region of the environment and AWS_ENDPOINT_URL/;
const NOT_RESOLVED = 'getaddrinfo ENOTFOUND lambda.us-esat-1.amazonaws.com';
const REFUSALS: readonly (readonly [string, ServiceError, RegExp])[] = [
  ['no credentials', NO_CREDENTIALS, CREDENTIALS],
  ['a token that has expired', new ServiceError('other', 'ExpiredTokenException', 'expired', 403), CREDENTIALS],
  ['a request that has expired', new ServiceError('invalid', 'RequestExpired', 'expired', 400), CREDENTIALS],
  ['a key that nobody knows', new ServiceError('other', 'InvalidClientTokenId', 'invalid', 403), CREDENTIALS],
  ['a secret that is wrong', new ServiceError('other', 'SignatureDoesNotMatch', 'refused', 403), CREDENTIALS],
  ['a Region that does not exist', new ServiceError('unavailable', 'Error', NOT_RESOLVED), NO_ANSWER],
  ['nothing listens there', new ServiceError('unavailable', 'Error', 'connect ECONNREFUSED 127.0.0.1:1'), NO_ANSWER],
  ['an endpoint that does not answer', new ServiceError('timedOut', 'AbortError', 'Request aborted'), NO_ANSWER],
];

describe.each(REFUSALS)('%s', (_what, refusal, message) => {
  test.each(COMMANDS)('%s', async (command) => {
    const world = new CliWorld();
    world.refusal = refusal;
    const { exitCode, stdout } = await world.run(...command.split(' '), '--config', config, '--json');
    const { error, environments } = JSON.parse(stdout) as Answer;
    const failure = error ?? environments?.[0]?.error;
    expect(failure?.message).toMatch(message);
    expect(failure?.code).toBe(message === NO_ANSWER ? 'NO_ANSWER' : refusal.errorName);
    expect(exitCode).toBe(EXIT_CODES.failed);

    const { stdout: out, stderr } = await world.run(...command.split(' '), '--config', config);
    const lines = `${out}\n${stderr}`.split('\n').map((line) => line.trim());
    expect(lines.filter((line) => message.test(line))).toHaveLength(1);
  });
});

interface Answer {
  readonly error?: { readonly code: string; readonly message: string };
  readonly environments?: readonly { readonly error?: { readonly code: string; readonly message: string } }[];
}

test('a Region in which nothing is deployed is named, exit 1', async () => {
  const world = new CliWorld();
  world.deployed = [];
  const { exitCode, stdout } = await world.run('status', '--config', config);
  expect(stdout).toMatch(/no function spend-meter in us-east-1 of the account of these credentials/);
  expect(exitCode).toBe(EXIT_CODES.failed);
});

test('an answer that refuses is no silence', async () => {
  const world = new CliWorld();
  world.refusal = new ServiceError('unavailable', 'ServiceUnavailable', 'down', 503);
  const { stdout } = await world.run('status', '--config', config);
  expect(stdout).toContain('AWS answered ServiceUnavailable: down; try again in a minute');
});

describe('the adapters, against endpoints of this machine', () => {
  const [dev] = loadGuard(shipped, 0).environments;
  const before = { ...process.env };
  let silent: Server | undefined;
  beforeEach(() => {
    process.env['AWS_ACCESS_KEY_ID'] = 'x';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'x';
  });
  afterEach(() => {
    process.env = { ...before };
    jest.restoreAllMocks();
    silent?.close();
  });

  test('nothing listens, or no such name: the refusal that the commands word', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://127.0.0.1:1';
    await expect(awsServices(dev!).guard.functions('dev')).rejects.toMatchObject({ refusal: 'unavailable' });
    // Two addresses, each of which refuses.
    process.env['AWS_ENDPOINT_URL'] = 'http://localhost:1';
    await expect(awsServices(dev!).guard.functions('dev')).rejects.toMatchObject({
      text: expect.stringContaining('ECONNREFUSED'),
    });
    process.env['AWS_ENDPOINT_URL'] = 'http://nowhere.invalid';
    const failure = await awsServices(dev!)
      .guard.functions('dev')
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ refusal: 'unavailable', httpStatus: undefined });
    expect((failure as Error).message).toMatch(/nowhere\.invalid/);
  });

  test('one that takes the question and says nothing ends', async () => {
    // The time that the question has is over once it has been taken: nobody learns more by sitting it out.
    const over = new AbortController();
    const given = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal);
    silent = createServer((socket) => {
      socket.on('error', () => undefined).unref();
      socket.once('data', () => over.abort(new DOMException('The operation timed out', 'TimeoutError')));
    });
    await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    process.env['AWS_ENDPOINT_URL'] = `http://127.0.0.1:${port}`;
    await expect(awsServices(dev!).guard.functions('dev')).rejects.toMatchObject({ refusal: 'timedOut' });
    expect(given.mock.calls).toEqual([[10_000]]);
  });
});

function synthesized() {
  return {
    schemaVersion: 1,
    leasesTable: { stack: 'SpendGuard-dev', output: 'LeasesTable' },
    models: [],
    inPath: { mode: 'off' },
  };
}
