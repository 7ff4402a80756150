import { type IncomingMessage, type RequestListener } from 'node:http';
import { PassThrough } from 'node:stream';
import { EXIT_CODES } from '../../cli/exit-codes';
import { usd } from '../../core/money';
import { budget, dev, PLENTY, RESETS, serving, telling } from '../helpers/budget-page';
import { freePort } from '../../local/ports';
import { quick } from './quick-left';

interface Asked {
  readonly json?: boolean;
  readonly claudeCode?: boolean;
  readonly stdin?: string;
  /** Nobody ends what is written to it. */
  readonly open?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly elapsedMs?: number;
}

/** A machine with other work has a server answer late: what is slow is tested by itself. */
const UNHURRIED = -5_000;

function ask(url: string, { json = false, claudeCode = false, stdin = '', open = false, ...more }: Asked = {}) {
  const input = new PassThrough();
  input.write(stdin);
  if (!open) input.end();
  return quick.left(
    { url, json, claudeCode },
    { env: more.env ?? {}, stdin: input, elapsedMs: () => more.elapsedMs ?? UNHURRIED },
  );
}

describe('the line', () => {
  test.each([
    ["the environment's own budget has its name", PLENTY, 'dev: $37.66 of $50.00 left, 24% gone, until 2026-12-01'],
    [
      'of several the one with the least left, which refuses first',
      dev(budget('', 50, 37), budget('search', 20, 3), budget('search/nightly', 2, 1.2)),
      'search/nightly: $1.20 of $2.00 left, 40% gone, until 2026-12-01',
    ],
    [
      'and not the one with the most gone',
      dev(budget('', 50, 2), budget('big', 1000, 10)),
      'dev: $2.00 of $50.00 left, 96% gone, until 2026-12-01',
    ],
    [
      'less than a cent is told from nothing',
      dev(budget('a', 2, 0.0012)),
      'a: $0.0012 of $2.00 left, 99% gone, until 2026-12-01',
    ],
    ['and less than that', dev(budget('a', 2, 0.00001)), 'a: <$0.0001 of $2.00 left, 99% gone, until 2026-12-01'],
    ['no cent more than there is', dev(budget('a', 2, 1.139)), 'a: $1.13 of $2.00 left, 43% gone, until 2026-12-01'],
    ['nor less', dev(budget('a', 2, 1.13)), 'a: $1.13 of $2.00 left, 43% gone, until 2026-12-01'],
    ['nobody says when it ends', dev(budget('a', 2, 1, { resetsAt: 'soon' })), 'a: $1.00 of $2.00 left, 50% gone'],
  ])('%s', async (_what, body, line) => {
    expect(await ask(await telling(body))).toMatchObject({ exitCode: EXIT_CODES.ok, line });
  });

  test.each([
    ['nothing is left', budget('a', 2, 0), 'a: nothing left of $2.00, 100% gone, until 2026-12-01'],
    [
      'more than all is gone',
      budget('a', 2, -0.3),
      'a: nothing left of $2.00, $0.30 above it, 115% gone, until 2026-12-01',
    ],
  ])('%s: that needs attention', async (_what, one, line) => {
    expect(await ask(await telling(dev(one)))).toMatchObject({ exitCode: EXIT_CODES.findings, line });
  });

  test.each([
    ['a long name is cut', 'search/'.padEnd(200, 'x'), `search/${'x'.repeat(24)}…`],
    ['one that just fits is not', 'x'.repeat(32), 'x'.repeat(32)],
    ['by whole letters', '🙂'.repeat(40), `${'🙂'.repeat(31)}…`],
    ['what moves the cursor or breaks the line is not printed', 'a\u001b[2J\nb\u0007\u202e', 'a[2Jb'],
  ])('%s', async (_what, name, shown) => {
    const { line } = await ask(await telling(dev(budget(name, 2, 1))));
    expect(line).toBe(`${shown}: $1.00 of $2.00 left, 50% gone, until 2026-12-01`);
  });

  test('--json has the amounts in nano-dollars, as every command', async () => {
    const { data } = await ask(await telling(dev(budget('', 50, 37.66), budget('a', 2, 1.13))), { json: true });
    expect(data).toMatchObject({
      environment: 'dev',
      tightest: 'a',
      budgets: [
        { budget: '', period: '2026-11', limit: usd(50), remaining: usd('37.66'), resetsAt: RESETS },
        { budget: 'a', limit: usd(2), spent: usd('0.87'), held: 0, remaining: usd('1.13') },
      ],
    });
  });
});

describe('what goes wrong is a short line that says what to do, exit 1', () => {
  const OTHER = 'spend-guard: the answer is no budget: another program listens there, see --url';
  const NEWER = 'spend-guard: the answer tells no budget that this release understands: update spend-guard';

  test.each([
    ['no JSON', '<html>', OTHER],
    ['broken JSON', '{"environment":"dev","budgets":[', OTHER],
    ['other JSON', '[1]', OTHER],
    ['null', 'null', OTHER],
    ['no budget', dev(), NEWER],
    ['one budget of two without its figures', dev(budget('', 2, 1), { budget: 'a' }), NEWER],
    ['a figure that is a text', dev(budget('', 2, 1, { remainingUsd: '1' })), NEWER],
    ['a budget that is null', { environment: 'dev', budgets: [null] }, NEWER],
  ])('%s', async (_what, body, line) => {
    expect(await ask(await telling(body as object))).toMatchObject({
      exitCode: EXIT_CODES.failed,
      line,
      error: { code: 'NOT_A_BUDGET', message: line },
    });
  });

  test.each([
    [401, 'wants a key: set AWS_BEARER_TOKEN_BEDROCK (spend-guard callers add)'],
    [403, 'wants a key: set AWS_BEARER_TOKEN_BEDROCK (spend-guard callers add)'],
    [503, 'cannot tell now: its table does not answer, or it is being stopped'],
    [500, 'answers 500: see what it logs'],
    [302, 'answers 302: see what it logs'],
  ])('status %i', async (status, says) => {
    const url = await telling(PLENTY, status);
    expect(await ask(url)).toMatchObject({ exitCode: EXIT_CODES.failed, line: `spend-guard: ${url} ${says}` });
  });

  test('no server', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await ask(url)).toMatchObject({
      exitCode: EXIT_CODES.failed,
      line: `spend-guard: no server at ${url}: start spend-guard serve, or see --url`,
      error: { code: 'SERVER_AWAY' },
    });
  });

  const slow: readonly (readonly [string, RequestListener])[] = [
    ['that says nothing', () => undefined],
    ['that begins, and does not end', (_, response) => void response.writeHead(200).write('{')],
    [
      'that ends too late, a byte at a time',
      (_, response) => {
        const timer = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(timer));
      },
    ],
  ];
  test.each(slow)('a server %s is not waited for, and its connection is closed', async (_what, answer) => {
    let closed: Promise<unknown> | undefined;
    const url = await serving((request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      answer(request, response);
    });
    expect(await ask(url, { elapsedMs: -200 })).toMatchObject({
      exitCode: EXIT_CODES.failed,
      line: `spend-guard: ${url} did not answer in time`,
      error: { code: 'SERVER_SLOW' },
    });
    await closed;
  });

  test('one that breaks off', async () => {
    const url = await serving((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{', () => request.socket.destroy());
    });
    const { exitCode, line } = await ask(url);
    expect({ exitCode, line }).toEqual({ exitCode: 1, line: `spend-guard: ${url} broke off its answer` });
  });

  test('one that never stops to talk', async () => {
    const url = await serving((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    const { exitCode, line } = await ask(url);
    expect({ exitCode, line: line.replace(url, 'URL') }).toEqual({
      exitCode: 1,
      line: expect.stringMatching(/^spend-guard: URL (is another program: see --url|broke off its answer)$/),
    });
  });
});

describe('--url', () => {
  test.each([
    ['nope', 'must be an http or https address, such as http://127.0.0.1:8787'],
    ['file:///etc/passwd', 'must be an http or https address, such as http://127.0.0.1:8787'],
    ['', 'must be an http or https address, such as http://127.0.0.1:8787'],
  ])('%p: exit 2', async (url, says) => {
    expect(await ask(url)).toMatchObject({ exitCode: 2, error: { code: 'USAGE', message: `--url ${url}: ${says}` } });
  });

  test('a secret in it is refused, and not repeated', async () => {
    const { exitCode, error } = await ask('http://me:secret@127.0.0.1:1');
    expect(exitCode).toBe(2);
    expect(error!.message).not.toContain('secret');
  });

  test('asks for /budget there, and nothing else', async () => {
    const asked: IncomingMessage[] = [];
    const url = await serving((request, response) => {
      asked.push(request);
      response.end(JSON.stringify(PLENTY));
    });
    await ask(`${url}/model/x?a=b`);
    expect(asked.map((one) => `${one.method} ${one.url}`)).toEqual(['GET /budget']);
  });
});

describe("a key is sent where it is safe, and no other secret of the SDK's variable", () => {
  const KEY = `sgk-abcdefghij-${'s'.repeat(43)}`;
  test.each([
    ['a key, to this machine', KEY, `Bearer ${KEY}`],
    ["Bedrock's own", 'bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t', undefined],
    ['what would break the header', `${KEY}\r\nx: y`, undefined],
    ['none', '', undefined],
  ])('%s', async (_what, key, expected) => {
    let header: string | undefined;
    const url = await serving((request, response) => {
      header = request.headers.authorization;
      response.end(JSON.stringify(PLENTY));
    });
    await ask(url, { env: { AWS_BEARER_TOKEN_BEDROCK: key } });
    expect(header).toBe(expected);
  });

  test('not in clear over a network', async () => {
    // An address of this machine that is not written as one.
    let header: string | undefined = 'nobody asked';
    const url = await serving((request, response) => {
      header = request.headers.authorization;
      response.end(JSON.stringify(PLENTY));
    });
    const { line } = await ask(url.replace('127.0.0.1', '0.0.0.0'), { env: { AWS_BEARER_TOKEN_BEDROCK: KEY } });
    expect({ line, header }).toEqual({ line: expect.stringContaining('dev: '), header: undefined });
  });
});

describe('--claude-code', () => {
  const LEFT = 'dev: $37.66 of $50.00 left, 24% gone, until 2026-12-01';
  const session = (value: object) => JSON.stringify(value);
  test.each([
    [
      'its model and what the session cost by its own estimate',
      session({ model: { id: 'x', display_name: 'Opus' }, cost: { total_cost_usd: 0.4213 }, version: '9' }),
      `Opus · session about $0.42 · ${LEFT}`,
    ],
    ['no cost yet', session({ model: { display_name: 'Opus' }, cost: null }), `Opus · ${LEFT}`],
    ['nothing yet', session({ cost: { total_cost_usd: 0 } }), `session about $0.00 · ${LEFT}`],
    ['no model', session({ cost: { total_cost_usd: 12 } }), `session about $12.00 · ${LEFT}`],
    ['other kinds', session({ model: 'Opus', cost: { total_cost_usd: '1' } }), LEFT],
    ['a model without a name', session({ model: { display_name: 7 } }), LEFT],
    ['a long name', session({ model: { display_name: 'M'.repeat(90) } }), `${'M'.repeat(23)}… · ${LEFT}`],
    ['colours in a name', session({ model: { display_name: '\u001b[31mOpus' } }), `[31mOpus · ${LEFT}`],
    ['bad JSON', '{"model":', LEFT],
    ['no object', '"text"', LEFT],
    ['nothing', '', LEFT],
  ])('%s', async (_what, stdin, line) => {
    expect(await ask(await telling(PLENTY), { claudeCode: true, stdin })).toEqual({ exitCode: 0, line });
  });

  test('standard input that nobody ends is not waited for', async () => {
    const stdin = session({ model: { display_name: 'Opus' } });
    const answer = await ask(await telling(PLENTY), { claudeCode: true, stdin, open: true, elapsedMs: -200 });
    expect(answer.line).toMatch(/^Opus · /);
  });

  test('a server that is away is said behind it, with exit code 0: of any other Claude Code shows nothing', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const stdin = session({ model: { display_name: 'Opus' } });
    expect(await ask(url, { claudeCode: true, stdin })).toEqual({
      exitCode: 0,
      line: `Opus · spend-guard: no server at ${url}: start spend-guard serve, or see --url`,
    });
  });

  test('a budget with nothing left ends with 0 too', async () => {
    expect(await ask(await telling(dev(budget('', 2, -1))), { claudeCode: true })).toMatchObject({ exitCode: 0 });
  });

  test('and --json: one of them', async () => {
    expect(await ask('http://127.0.0.1:1', { claudeCode: true, json: true })).toMatchObject({
      exitCode: 2,
      error: { message: '--json and --claude-code: one of them; each has a form of its own' },
    });
  });
});
