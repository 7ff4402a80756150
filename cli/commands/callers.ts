import { closest } from 'fastest-levenshtein';
import type { EnvironmentConfig } from '../../config';
import { DAY_MS, HOUR_MS, utcTime } from '../../core/calendar';
import {
  type Caller,
  type CallerKeysPort,
  callerState,
  type CallerState,
  labelProblem,
  lifetimeProblem,
  type ListedCaller,
  LONGEST_KEY_DAYS,
  parseKey,
  type StoredCaller,
} from '../../core/callers';
import { type BudgetPath, budgetName, ENVIRONMENT_BUDGET } from '../../core/shared-budgets';
import { newKey } from '../caller-key';
import { deployedFunction, variable } from '../deployed';
import { configName, configuration, theOne } from '../environments';
import { UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { asked } from '../order-options';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';

export interface CallersOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly yes?: true | undefined;
}

export interface AddOptions extends CallersOptions {
  readonly budget?: string | undefined;
  readonly person?: string | undefined;
  readonly expires?: string | undefined;
  readonly name?: string | undefined;
}

/** Where `spend-guard serve` listens unless it is told otherwise. */
const SERVER = 'http://127.0.0.1:8787';

const LONGEST_SHOWN = 15;

/** Makes a key for a caller of the server. It is in this answer, and nowhere else. */
export async function addCaller(options: AddOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const budget = budgetOf(environment, options);
  const person = labelOf('--person', options.person, 'who answers for the key, such as alex@example.com');
  const name =
    options.name === undefined ? {} : { name: labelOf('--name', options.name, 'what it is for, such as ci') };
  const lifetime = lifetimeOf(options.expires);
  const whose = `${person} on ${budgetName(budget)} of ${environment.name}`;
  await asked(environment, `Make a key for ${whose}?`, options, world);

  const keys = await keysOf(environment, world);
  const { id, key, hash } = newKey();
  const now = world.now();
  const made = { createdAt: now, createdBy: world.user, expiresAt: now + lifetime };
  const caller: StoredCaller = { id, hash, budget, person, ...name, ...made };
  await keys.add(caller);
  return {
    exitCode: EXIT_CODES.ok,
    data: { environment: environment.name, id, key, budget, person, ...name, ...made },
    lines: [
      { text: `A key for ${whose}, good until ${utcTime(caller.expiresAt)}. It is shown this once:`, tone: 'good' },
      '',
      key,
      '',
      'Its caller sets it in AWS_BEARER_TOKEN_BEDROCK (boto3 sends it over TLS only), and where the server of spend-guard serve listens:',
      `  boto3, the AWS CLI, AWS's SDKs  AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${SERVER}`,
      `  Claude Code                     CLAUDE_CODE_USE_BEDROCK=1 ANTHROPIC_BEDROCK_BASE_URL=${SERVER}`,
      `To end it: npx spend-guard callers revoke ${id} --env ${environment.name}`,
    ],
  };
}

export async function listCallers(options: CallersOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const listed = await (await keysOf(environment, world)).list();
  const now = world.now();
  const rows = listed.map((one) => rowOf(one, environment, now));
  return {
    exitCode: rows.some(({ needsAttention }) => needsAttention) ? EXIT_CODES.findings : EXIT_CODES.ok,
    data: { environment: environment.name, callers: rows.map(({ data }) => data) },
    lines:
      rows.length === 0
        ? [`${environment.name} has no keys of callers. To make one: npx spend-guard callers add`]
        : rows.map(({ line }) => line),
  };
}

/** @param given an id, or a key: of one that has leaked, whoever finds it may know no more */
export async function revokeCaller(given: string, options: CallersOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const id = parseKey(given)?.id ?? given;
  const keys = await keysOf(environment, world);
  const listed = await keys.list();
  const found = listed.find((one) => one.id === id);
  if (!found) throw notThere(id, environment, listed);
  const whose = wordsOf(found);
  await asked(environment, `Revoke ${whose} of ${environment.name}?`, options, world);
  const at = world.now();
  const outcome = await keys.revoke(id, world.user, at);
  // Deleted by the table's clock since it was listed.
  if (outcome === 'none') throw notThere(id, environment, []);
  return {
    exitCode: EXIT_CODES.ok,
    data: { environment: environment.name, id, revoked: outcome, ...(outcome === 'revoked' && { by: world.user, at }) },
    lines: [
      outcome === 'revoked'
        ? { text: `${capital(whose)} is revoked: every server refuses it within 5 s.`, tone: 'good' }
        : `${capital(whose)} was revoked before; nothing was changed.`,
    ],
  };
}

async function keysOf(environment: EnvironmentConfig, world: World): Promise<CallerKeysPort> {
  const services = await world.services(environment);
  const meter = await deployedFunction(services.guard, environment, 'spend-meter');
  return services.callerKeys({
    leases: variable(meter, 'LEASES_TABLE_NAME'),
    state: variable(meter, 'STATE_TABLE_NAME'),
  });
}

/** @throws UsageError */
function budgetOf({ name, budgets }: EnvironmentConfig, { budget, config }: AddOptions): BudgetPath {
  const place = `environments.${name}.budgets of ${configName(config)}`;
  if (budgets.length === 0) {
    if (budget === undefined) return ENVIRONMENT_BUDGET;
    throw new UsageError(
      `--budget ${budget}: ${name} has no budgets within its own: leave it out for the environment's, or add one to ${place} and deploy it`,
    );
  }
  const paths = budgets.map(({ path }) => path);
  const [example = ''] = paths;
  if (budget === undefined) {
    throw new UsageError(
      `--budget: must say which the key draws on, such as --budget ${example}; allowed: ${paths.join(', ')}`,
    );
  }
  if (paths.includes(budget)) return budget;
  throw new UsageError(
    `--budget ${budget}: no such budget; nearest: ${closest(budget, paths)}; allowed: ${paths.join(', ')}; a new one belongs in ${place}, and is deployed`,
  );
}

/** @throws UsageError */
function labelOf(option: string, text: string | undefined, what: string): string {
  if (text === undefined) throw new UsageError(`${option}: must say ${what}`);
  const problem = labelProblem(text);
  if (problem === undefined) return text.trim();
  throw new UsageError(`${option} ${JSON.stringify(text)}: ${problem}; it says ${what}`);
}

/** @throws UsageError */
function lifetimeOf(text: string | undefined): number {
  const allowed = `allowed: hours or days, up to ${LONGEST_KEY_DAYS}d, such as 12h or 30d`;
  if (text === undefined) throw new UsageError(`--expires: must say how long the key is good; ${allowed}`);
  const [, count = '', unit] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  if (unit === undefined) throw new UsageError(`--expires ${text}: not a duration; ${allowed}`);
  const ms = Number(count) * (unit === 'h' ? HOUR_MS : DAY_MS);
  const problem = lifetimeProblem(ms);
  if (problem === undefined) return ms;
  throw new UsageError(`--expires ${text}: ${problem}; ${allowed}`);
}

function notThere(id: string, { name }: EnvironmentConfig, listed: readonly ListedCaller[]): UsageError {
  const ids = listed.map((one) => one.id);
  const known =
    ids.length === 0
      ? `${name} has none`
      : `nearest: ${closest(id, ids)}; to see all: npx spend-guard callers list --env ${name}`;
  // Who has mistyped a key would find it in a log.
  const shown = id.length <= LONGEST_SHOWN ? id : '<id>';
  return new UsageError(`callers revoke ${shown} --env ${name}: no such key; ${known}`);
}

function wordsOf({ id, caller }: ListedCaller): string {
  if (caller.kind === 'unavailable') return `key ${id}, which cannot be read,`;
  const { person, name, budget } = caller.value;
  return `key ${id} of ${person}${name === undefined ? '' : ` (${name})`} on ${budgetName(budget)}`;
}

interface Row {
  readonly data: Readonly<Record<string, unknown>>;
  readonly line: Line;
  readonly needsAttention: boolean;
}

function rowOf({ id, caller: read }: ListedCaller, { budgets }: EnvironmentConfig, now: number): Row {
  if (read.kind === 'unavailable') {
    const line: Line = { text: `${id}  unknown  ${read.why}`, tone: 'bad' };
    return { data: { id, unknown: read.why }, line, needsAttention: true };
  }
  const { value: caller } = read;
  const state = callerState(caller, now);
  const isThere = caller.budget === ENVIRONMENT_BUDGET || budgets.some(({ path }) => path === caller.budget);
  const data = { ...caller, state, budgetInConfig: isThere };
  const text = textOf(caller, state);
  if (state !== 'active') return { data, line: text, needsAttention: false };
  if (isThere) return { data, line: { text, tone: 'good' }, needsAttention: false };
  const gone = 'the config has no such budget, so the server refuses it: revoke it, or bring the budget back';
  return { data, line: { text: `${text}; ${gone}`, tone: 'warning' }, needsAttention: true };
}

function textOf(caller: Caller, state: CallerState): string {
  const { id, person, name, budget, createdAt, createdBy, expiresAt, revokedAt, revokedBy = 'somebody' } = caller;
  const end =
    revokedAt === undefined
      ? `${state === 'expired' ? 'ended' : 'until'} ${utcTime(expiresAt)}`
      : `by ${revokedBy}, ${utcTime(revokedAt)}`;
  const label = name === undefined ? '' : ` (${name})`;
  return `${id}  ${state.padEnd(7)}  ${end}  ${person}${label}, ${budgetName(budget)}; made by ${createdBy}, ${utcTime(createdAt)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
