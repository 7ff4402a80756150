import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { EXIT_CODES, EXIT_CODE_MEANINGS } from '../../cli/exit-codes';
import { LONGEST_COMMENT } from '../../cli/diff/markdown';
import {
  actionWorld,
  installedAction,
  OPEN_QUEUE,
  QUEUE,
  ROOT,
  synthesized,
  type ActionWorld,
} from '../helpers/action-world';

let world: ActionWorld;
beforeEach(() => {
  world = actionWorld();
});
afterEach(() => world.remove());

const BASE = `what's "deployed"`;
const HEAD = 'new $(touch x) & `y`/cdk.out';
/** Two folders whose names a careless script would stumble over; the second lets everybody into a queue. */
function twoFolders(head = OPEN_QUEUE) {
  synthesized(path.join(world.workspace, BASE), QUEUE);
  synthesized(path.join(world.workspace, HEAD), head);
  return { base: BASE, head: HEAD };
}

describe('two folders', () => {
  test('are compared by what the lock file of the action installs', () => {
    const { status, outputs, summary, ran } = world.run(twoFolders());
    expect({ status, ...outputs }).toMatchObject({ status: 0, 'exit-code': '10', verdict: 'broader' });
    expect(outputs['markdown']).toContain('**Access gets broader** in 1 statement');
    expect(summary.trimEnd()).toBe(outputs['markdown']);
    expect(ran).toEqual(['check the inputs', 'install what judges', 'compare', 'verdict']);
    expect(world.asked()).toEqual([
      'npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error',
      `in ${ROOT}`,
    ]);
  });

  test('by absolute paths too; nothing is nothing', () => {
    const { base } = twoFolders();
    const same = path.join(world.workspace, base);
    const { outputs } = world.run({ base: same, head: same });
    expect(outputs).toEqual({ markdown: expect.stringContaining('Nothing: '), 'exit-code': '0', verdict: '' });
  });

  test.each([
    [
      { base: 'no where' },
      `base: must be a folder that 'cdk synth --output' wrote, with its manifest.json, got 'no where' in `,
    ],
    [{ head: '' }, `base, head: both are needed, got '${BASE}' and ''; or give base-ref, or markdown with exit-code`],
    [{ head: 'two\nlines' }, "got 'two%0Alines' in "],
    [{ head: '100%' }, "got '100%25' in "],
    [{ comment: 'yes' }, "comment: must be true or false, got 'yes'"],
    [{ 'comment-name': '" or true' }, `comment-name: must be of letters, digits, '.', '_' and '-', got '" or true'`],
    [{ 'comment-author': 'a"b' }, 'comment-author: must be a login, such as github-actions[bot], got'],
    [{ 'fail-on': '9' }, "fail-on: must be exit codes from 10 to 16 by comma, or nothing, got '9'"],
    [{ 'fail-on': '10,0' }, "got '10,0'"],
    [{ 'fail-on': '17' }, "got '17'"],
    [{ markdown: 'x', 'exit-code': '0' }, 'markdown, exit-code: stand in place of base and head; leave one pair out'],
    [{ 'base-ref': 'HEAD' }, 'base-ref: stands in place of base, head, markdown and exit-code; leave these out'],
  ])('%j is refused before anything is installed', (changed, said) => {
    const { status, log } = world.run({ ...twoFolders(), ...changed });
    expect(status).toBe(1);
    expect(log).toMatch(/^::error title=spend-guard diff::[^\n]*\n$/);
    expect(log).toContain(said);
    expect(world.asked()).toEqual([]);
  });

  test('what is no synthesized output gives no result, and that is a failure', () => {
    const folders = twoFolders();
    writeFileSync(path.join(world.workspace, HEAD, 'S.template.json'), '{');
    const { status, log, outputs, ran } = world.run({ ...folders, comment: 'true' });
    expect(status).toBe(EXIT_CODES.usage);
    expect(log).toContain(`HEAD ${path.join(world.workspace, HEAD)}`);
    expect(log).toContain(
      '::error title=spend-guard diff::the comparison gave no result, and that is not taken for no',
    );
    expect(outputs['exit-code']).toBe('');
    expect(ran).not.toContain('comment');
  });

  test('a tsconfig.json of the pull request loads nothing', () => {
    const evil = path.join(world.workspace, 'evil.js');
    writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(path.join(world.workspace, 'seen'))}, '');`);
    const compilerOptions = { baseUrl: '.', paths: { '*': ['./evil.js'], zod: ['./evil.js'] } };
    writeFileSync(path.join(world.workspace, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const { outputs } = world.run(twoFolders());
    expect(outputs['verdict']).toBe('broader');
    expect(() => readFileSync(path.join(world.workspace, 'seen'))).toThrow('ENOENT');
  });

  test('a comparison longer than a comment is cut, and still written', () => {
    const many = Array.from({ length: 200 }, (_, at) => [`${'環'.repeat(200)}${at}`, { Type: 'AWS::SNS::Topic' }]);
    const folders = twoFolders(Object.fromEntries(many) as typeof OPEN_QUEUE);
    const { status, outputs } = world.run({ ...folders, comment: 'true' });
    expect(status).toBe(0);
    expect(outputs['markdown']!.length).toBeGreaterThan(LONGEST_COMMENT / 2);
    expect(world.body().length).toBeLessThan(65_536);
    expect(world.body()).toContain('**Cut here: ');
    expect(world.body()).toBe(`<!-- spend-guard infra-diff -->\n${outputs['markdown']}\n`);
  });
});

describe('the exit code of the comparison', () => {
  const compared = (code: number) => {
    world.tool('node', `echo "ran $*"\necho '## x'\nexit ${code}\n`);
    return world.run(twoFolders());
  };

  test.each([[0], [10], [11], [12], [13], [14], [15], [16]])('%i is an answer, handed on with the Markdown', (code) => {
    const { status, outputs } = compared(code);
    const folders = [BASE, HEAD].map((name) => path.join(world.workspace, name)).join(' ');
    const markdown = `ran bin/spend-guard.js diff ${folders}\n## x`;
    expect({ status, ...outputs }).toMatchObject({ status: 0, 'exit-code': String(code), markdown });
  });

  test.each([[1], [2], [9], [17], [127]])('%i fails the job: no result is not taken for no change', (code) => {
    expect(compared(code)).toMatchObject({ status: code, outputs: { 'exit-code': '', markdown: '' } });
  });
});

test('lines that look like the end of an output are lines of it', () => {
  const lines = ['end', 'EOF', 'exit-code=0', 'markdown<<end', 'verdict='];
  world.tool('node', `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')}; exit 13`);
  expect(world.run(twoFolders()).outputs).toEqual({ markdown: lines.join('\n'), 'exit-code': '13', verdict: 'weaker' });
});

describe('what ships is enough', () => {
  const action = installedAction();
  afterAll(() => rmSync(action, { recursive: true }));

  test('it compares with the packages that it installs, and no other', () => {
    world.remove();
    world = actionWorld(action);
    const { log, outputs } = world.run(twoFolders());
    expect({ log, verdict: outputs['verdict'] }).toEqual({ log: 'verdict: broader\n', verdict: 'broader' });
  });
});

describe('a commit and its parent', () => {
  /** A repository whose second commit opens the queue, and what synthesizes it. */
  function twoCommits() {
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd: world.workspace });
    git('init', '--quiet');
    for (const resources of [QUEUE, OPEN_QUEUE]) {
      synthesized(path.join(world.workspace, 'app'), resources);
      git('add', '--all');
      git('commit', '--quiet', '--message', 'x');
    }
    // What nobody committed is no part of it.
    rmSync(path.join(world.workspace, 'app'), { recursive: true });
    return { 'base-ref': 'HEAD^1', command: 'cp -r app "$OUTPUT"' };
  }

  test('are synthesized and compared', () => {
    const { status, outputs } = world.run(twoCommits());
    expect({ status, verdict: outputs['verdict'] }).toEqual({ status: 0, verdict: 'broader' });
  });

  test('the command sees no token', () => {
    const given = twoCommits();
    const { log } = world.run({ ...given, command: `env; ${given.command}` });
    expect(log).toContain('OUTPUT=');
    expect(log).not.toContain('the-token');
  });

  test.each([
    [{ comment: 'true' }, 'comment: must be false beside base-ref, which runs code of the pull request'],
    [{ 'base-ref': 'HEAD^7' }, "got 'HEAD^7'; does actions/checkout have a fetch-depth of 2 or more?"],
    [{ 'base-ref': '--git-dir' }, "got '--git-dir'"],
    [{ command: 'true' }, 'command: wrote no manifest.json into $OUTPUT at the base'],
    [{ command: 'cd app && exit 9 && true' }, ''],
  ])('%j is refused', (changed, said) => {
    const { status, log, ran } = world.run({ ...twoCommits(), ...changed });
    expect(status).not.toBe(0);
    expect(log).toContain(said);
    expect(ran).not.toContain('compare');
  });
});

describe('what an earlier job found', () => {
  const told = { markdown: '## a "b"\n\n$(c) `d` 100%', 'exit-code': '15', comment: 'true' };

  test('is written under the pull request, with nothing installed or run', () => {
    const { status, outputs, ran } = world.run(told);
    expect(status).toBe(0);
    expect(ran).toEqual(['check the inputs', 'comment', 'verdict']);
    expect(outputs).toEqual({ markdown: told.markdown, 'exit-code': '15', verdict: 'replaced,weaker' });
    expect(world.asked()[1]).toBe('gh api --silent --method POST repos/o/r/issues/7/comments --field body=@body.md');
    expect(world.body()).toBe(`<!-- spend-guard infra-diff -->\n${told.markdown}\n`);
  });

  test('each comparison keeps its own comment up to date', () => {
    world.gh.listed = '11\n12\n';
    world.run({ ...told, 'comment-name': 'app-2', 'comment-author': 'my-app[bot]' });
    const [list, write] = world.asked();
    expect(list).toContain('.user.login == "my-app[bot]" and (.body | startswith("<!-- spend-guard app-2 -->"))');
    expect(write).toContain('--method PATCH repos/o/r/issues/comments/11 ');
  });

  test.each([[''], ['1'], ['2'], ['9'], ['17'], ['127'], ['10\n0']])(
    'exit code %j is no result, and no consent',
    (code) => {
      const { status, log } = world.run({ ...told, 'exit-code': code, 'fail-on': '' });
      expect(status).toBe(1);
      expect(log).toContain('that is not taken for no change');
    },
  );

  test.each([
    [
      'a fork',
      { pull_request: { number: 7, head: { repo: { full_name: 'someone/r' } } } },
      "a fork's token may only read",
    ],
    ['a fork that is gone', { pull_request: { number: 7, head: { repo: null } } }, "a fork's token may only read"],
    ['no pull request', { ref: 'refs/heads/main' }, 'this run is of no pull request'],
  ])('of %s there is no comment, and that is said', (_, event, said) => {
    const { status, log } = world.run(told, event);
    expect(status).toBe(0);
    expect(log).toContain(said);
    expect(world.asked()).toEqual([]);
  });

  test('nor where the token may only read, as with Dependabot', () => {
    world.gh.refusal = 'gh: Resource not accessible by integration (HTTP 403)';
    const { status, log } = world.run({ ...told, 'fail-on': '13' });
    expect(status).toBe(0);
    expect(log).toContain('::notice::no comment: the token may only read');
  });

  test.each(['gh: Not Found (HTTP 404)', 'gh: API rate limit exceeded (HTTP 403)'])(
    'another refusal fails: %s',
    (said) => {
      world.gh.refusal = said;
      const { status, log } = world.run(told);
      expect(status).toBe(1);
      expect(log).toContain(said);
    },
  );

  test.each([
    ['10', '10,12', 1],
    ['11', '10,12', 0],
    ['12', '10,12', 1],
    ['0', '10,11,12,13,14,15,16', 0],
    ['16', '', 0],
  ])('exit code %s with fail-on %j: status %i', (code, failOn, status) => {
    expect(world.run({ ...told, 'exit-code': code, 'fail-on': failOn }).status).toBe(status);
  });
});

describe('the verdict', () => {
  const codes = Object.entries(EXIT_CODES).filter(([, code]) => code >= 10);

  test.each([['ok', 0] as const, ...codes])('%s is that of the exit code %i', (name, code) => {
    const { outputs } = world.run({ markdown: 'x', 'exit-code': String(code) });
    const words = { broader: /broadened/i, replaced: /replaced/i, weaker: /weakened/i };
    const expected = Object.entries(words).flatMap(([word, pattern]) => (pattern.test(name) ? [word] : []));
    expect(outputs['verdict']).toBe(expected.join(','));
    expect(name in EXIT_CODE_MEANINGS).toBe(true);
  });
});
