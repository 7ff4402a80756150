/*
 * `spend-guard left`: a terminal asks for its status line all the time, and draws nothing until it has it. So this is plain JavaScript that
 * needs no compiler, and loads neither the program of commands nor an SDK: bin/spend-guard.js runs it before all of these.
 */
const { told, toldBy, sessionOf } = require('./left-text.js');

const USUAL = 'http://127.0.0.1:8787';
/** From the start of the process to its line, of a Node that has started by then. */
const WITHIN_MS = 100;
/** To write, and to end. */
const KEPT_MS = 15;
/** A server on this machine answers in less; where the machine alone took the time to start, it is still given a chance. */
const LEAST_MS = 40;
/** A server with a few hundred budgets tells less. */
const MOST_BYTES = 1_000_000;
/** The codes of cli/exit-codes.ts, which is TypeScript. A test holds both together. */
const EXIT = { ok: 0, failed: 1, usage: 2, findings: 4 };

/** @returns what is asked for; nothing where the whole program is needed, which has the words for help and for mistakes */
function parse(args) {
  const options = { url: USUAL, json: false, claudeCode: false };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg === '--json') options.json = true;
    else if (arg === '--claude-code') options.claudeCode = true;
    else if (arg.startsWith('--url=')) options.url = arg.slice('--url='.length);
    else if (arg === '--url' && args[at + 1] !== undefined) options.url = args[++at];
    else return undefined;
  }
  return options;
}

/**
 * @param options as `parse` gives them
 * @param outside `{ env, stdin, elapsedMs }`: the last says how long the process has run
 * @returns `{ exitCode, line, data }`: for people, and for `--json`; of a mistake `error` instead of `data`. It never throws
 */
async function left({ url, json, claudeCode }, { env, stdin, elapsedMs }) {
  const { address, problem } = addressOf(url);
  if (json && claudeCode) return mistake('--json and --claude-code: one of them; each has a form of its own');
  if (problem !== undefined) return mistake(problem);
  const untilMs = Math.max(WITHIN_MS - KEPT_MS - elapsedMs(), LEAST_MS);
  const [answer, session = []] = await Promise.all([
    ask(address, keyFor(address, env), untilMs),
    claudeCode ? input(stdin, untilMs).then(sessionOf) : undefined,
  ]);
  const read = answer.problem === undefined ? told(answer.body) : answer;
  const failed = read.problem !== undefined;
  const budgetLine = failed ? `spend-guard: ${read.problem}` : toldBy(read);
  const line = [...session, budgetLine].join(' · ');
  // Claude Code shows nothing where a program fails, by https://code.claude.com/docs/en/statusline (read 2026-11-29).
  if (claudeCode) return { exitCode: EXIT.ok, line };
  if (failed) return { exitCode: EXIT.failed, line, error: { code: read.code, message: budgetLine } };
  const { environment, budgets, tightest } = read;
  return {
    exitCode: tightest.remainingUsd > 0 ? EXIT.ok : EXIT.findings,
    line,
    data: { environment, tightest: tightest.budget, budgets: budgets.map(inNanoUsd) },
  };
}

/**
 * The line on standard output, where a terminal looks for it, also of a server that is away.
 * @returns false where nothing was done: the whole program has the words for help and for mistakes
 */
function run({ argv, env, stdin, stdout, stderr }) {
  const asked = parse(argv.slice(3));
  if (asked === undefined) return false;
  // Whoever reads the output may stop early.
  stdout.on('error', () => undefined);
  void left(asked, { env, stdin, elapsedMs: () => performance.now() }).then(({ exitCode, line, data, error }) => {
    process.exitCode = exitCode;
    if (error !== undefined && (asked.json || exitCode === EXIT.usage)) stderr.write(`${error.message}\n`);
    if (asked.json) stdout.write(`${document({ exitCode, ...data, ...(error && { error }) })}\n`);
    else if (exitCode !== EXIT.usage) stdout.write(`${line}\n`);
  });
  return true;
}

function mistake(message) {
  return { exitCode: EXIT.usage, line: message, error: { code: 'USAGE', message } };
}

/** As `--json` of every command has amounts. */
function inNanoUsd({ budget, period, limitUsd, spentUsd, heldUsd, remainingUsd, percent, resetsAt }) {
  const nano = (usd) => (Number.isFinite(usd) ? Math.round(usd * 1e9) : undefined);
  return {
    ...{ budget, period, limit: nano(limitUsd), spent: nano(spentUsd), held: nano(heldUsd) },
    ...{ remaining: nano(remainingUsd), percent, resetsAt },
  };
}

function addressOf(url) {
  const wrong = { problem: `--url ${url}: must be an http or https address, such as ${USUAL}` };
  let address;
  try {
    address = new URL(url);
  } catch {
    return wrong;
  }
  if (address.protocol !== 'http:' && address.protocol !== 'https:') return wrong;
  if (address.username !== '' || address.password !== '')
    return { problem: '--url: must have no name and password in it; a key goes into AWS_BEARER_TOKEN_BEDROCK' };
  return { address };
}

/** A key of the guard's own, and no other secret that somebody keeps in that variable; never in clear over a network. */
function keyFor(address, env) {
  const key = env.AWS_BEARER_TOKEN_BEDROCK ?? '';
  const isSafe = address.protocol === 'https:' || /^(127(\.\d+){3}|localhost|\[::1\])$/.test(address.hostname);
  return isSafe && /^sgk-[\w-]+$/.test(key) ? key : undefined;
}

/** @returns `{ body }`, or `{ code, problem }` with what to do */
function ask(address, key, untilMs) {
  const place = address.origin;
  return new Promise((resolve) => {
    const failed = (code, problem) => resolve({ code, problem });
    const secure = address.protocol === 'https:';
    const { request } = secure ? require('node:https') : require('node:http');
    const headers = { accept: 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
    const asked = request(new URL('/budget', address), { agent: false, headers }, (response) => {
      const { statusCode } = response;
      const parts = [];
      let bytes = 0;
      response.on('data', (part) => {
        bytes += part.length;
        if (bytes <= MOST_BYTES) parts.push(part);
        else asked.destroy(new Error('too long'));
      });
      response.on('error', () => failed('NOT_A_BUDGET', `${place} broke off its answer`));
      response.on('end', () => {
        if (statusCode === 401 || statusCode === 403)
          failed('KEY_REFUSED', `${place} wants a key: set AWS_BEARER_TOKEN_BEDROCK (spend-guard callers add)`);
        else if (statusCode === 503)
          failed('NOT_TOLD', `${place} cannot tell now: its table does not answer, or it is being stopped`);
        else if (statusCode !== 200) failed('NOT_A_BUDGET', `${place} answers ${statusCode}: see what it logs`);
        else resolve({ body: Buffer.concat(parts).toString('utf8') });
      });
    });
    const timer = setTimeout(() => {
      failed('SERVER_SLOW', `${place} did not answer in time`);
      asked.destroy();
    }, untilMs);
    asked.on('close', () => clearTimeout(timer));
    asked.on('error', (error) => failed(...notReached(place, error)));
    asked.end();
  });
}

function notReached(place, error) {
  if (error.message === 'too long') return ['NOT_A_BUDGET', `${place} is another program: see --url`];
  const { code = 'error' } = error;
  return code === 'ECONNREFUSED'
    ? ['SERVER_AWAY', `no server at ${place}: start spend-guard serve, or see --url`]
    : ['SERVER_AWAY', `no server at ${place} (${code}): see --url`];
}

/** All that is written there until then. A terminal says nothing by itself, and is not waited for. */
function input(stdin, untilMs) {
  if (stdin.isTTY) return Promise.resolve('');
  return new Promise((resolve) => {
    let text = '';
    const done = () => {
      clearTimeout(timer);
      stdin.destroy();
      resolve(text);
    };
    const timer = setTimeout(done, untilMs);
    stdin.setEncoding('utf8');
    stdin.on('data', (part) => {
      text += part;
      if (text.length > MOST_BYTES) done();
    });
    stdin.on('end', done);
    stdin.on('error', done);
  });
}

function document(content) {
  return JSON.stringify({ schemaVersion: 1, command: 'left', ...content }, undefined, 2);
}

module.exports = { EXIT, left, parse, run };
