import { utcTime } from '../../core/calendar';
import { closest } from 'fastest-levenshtein';
import { ServiceError } from '../../core/errors';
import { type AccountDocument, liftCommand, type OrganizationDocument, statusCommand } from '../../core/organization';
import type { Reading } from '../../core/reading';
import { overrideEnd } from '../../core/stop-lines';
import { CommandError, UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { isOfEverything } from '../explain';
import { reasonOf, untilOf } from '../order-options';
import { type BrakeAnswer, brakeAnswer } from '../organization/answers';
import {
  type Hub,
  organizationFile,
  type OrganizationFile,
  type OrganizationOptions,
  reported,
  theHub,
} from '../organization/hub';
import { spentThisMonth } from '../organization/words';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';

interface OrderOptions extends OrganizationOptions {
  readonly yes?: true | undefined;
}

export interface ApproveOptions extends OrderOptions {
  readonly decision?: string | undefined;
}

export interface StopOptions extends OrderOptions {
  readonly reason?: string | undefined;
}

export interface LiftOptions extends StopOptions {
  readonly until?: string | undefined;
}

/** An account that an order is for, and what the hub knows of it. */
interface Ordered {
  /** As it was typed, for errors. */
  readonly command: string;
  readonly account: string;
  readonly hub: Hub;
  readonly before: Reading<AccountDocument>;
}

const LONGEST_REASON = 500;
const DENIES = 'deny all that costs on Amazon Bedrock to everybody in it but the roles of brake.neverStop';

/** Lets the brake that waits for a person be attached: that decision, and no later one. */
export async function approve(account: string, options: ApproveOptions, world: World): Promise<CommandResult> {
  const ordered = await orderFor('approve', account, options, world);
  const { before } = ordered;
  const decision = options.decision ?? decisionOf(ordered);
  const why = before.kind === 'known' ? waiting(ordered, before.value, decision) : spentWords(before);
  await world.confirm(`Approve decision ${decision} for ${account}: ${DENIES} (${why})?`, options.yes ?? false);
  return carriedOut(ordered, { command: 'approve', decision }, world, () => {
    return `It is lifted with the new UTC month, or before by: ${liftCommand(account)}`;
  });
}

/** Puts the brake on, whatever is spent, until somebody lifts it. */
export async function stop(account: string, options: StopOptions, world: World): Promise<CommandResult> {
  const reason = shortReasonOf(options.reason);
  const ordered = await orderFor('stop', account, options, world);
  const { before, command, hub } = ordered;
  if (before.kind === 'known' && before.value.brake.mode === 'never') {
    throw new UsageError(
      `${command}: the deployed limits say brake: 'never' of it; change accounts.${account} in ${hub.file}, and deploy the hub first`,
    );
  }
  await world.confirm(
    `Stop account ${account}: ${DENIES}, until somebody lifts it (${spentWords(before)})?`,
    options.yes ?? false,
  );
  return carriedOut(ordered, { command: 'stop', reason }, world, () => {
    return `It holds over the month's turn too. To end it: ${liftCommand(account)}`;
  });
}

/** Takes the brake off, or keeps it off, for a while: an open end is how a brake is lost. */
export async function lift(account: string, options: LiftOptions, world: World): Promise<CommandResult> {
  const now = world.now();
  const reason = shortReasonOf(options.reason);
  const until = options.until === undefined ? undefined : untilOf(options.until, now);
  if (until !== undefined && until <= now) {
    throw new UsageError(`--until ${options.until}: must be in the future, such as 6h; it is ${utcTime(now)} now`);
  }
  const ordered = await orderFor('lift', account, options, world);
  const { before } = ordered;
  const end = utcTime(overrideEnd({ since: now, by: world.user, reason, ...(until !== undefined && { until }) }));
  const isOn = before.kind === 'unavailable' || before.value.brake.status !== 'none';
  const what = isOn ? `Lift the brake of ${account}` : `Keep the brake off ${account}, where none is on now,`;
  await world.confirm(`${what} until ${end} at the latest (${spentWords(before)})?`, options.yes ?? false);
  const order = { command: 'lift', reason, ...(until !== undefined && { until: new Date(until).toISOString() }) };
  return carriedOut(ordered, order, world, (answer) => {
    const ends = answer.until === undefined ? end : utcTime(Date.parse(answer.until));
    return `That ends at ${ends}: then the brake is decided anew. The account's own guard goes on meanwhile.`;
  });
}

/** @throws UsageError where there is none, or more than organization-brake takes */
function shortReasonOf(text: string | undefined): string {
  const reason = reasonOf(text);
  if (reason.length <= LONGEST_REASON) return reason;
  throw new UsageError(`--reason: ${reason.length} characters; allowed: up to ${LONGEST_REASON}`);
}

/**
 * @throws UsageError where it is no account, the management account, or one that the hub does not know
 */
async function orderFor(name: string, account: string, options: OrderOptions, world: World): Promise<Ordered> {
  const command = `organization ${name} ${account}`;
  if (!/^\d{12}$/.test(account)) {
    throw new UsageError(`${command}: not an account's number; allowed: 12 digits, such as 111122223333`);
  }
  const read = organizationFile(options.organization, world.now());
  if (account === read.organization.managementAccount) {
    throw new UsageError(
      `${command}: it is the management account of ${read.file}, which no service control policy reaches; stop or resume its environments themselves, with npx spend-guard stop and resume`,
    );
  }
  const hub = await theHub(read, world);
  const document = await lookedUp(hub);
  if (document.kind === 'unavailable') {
    world.warn(`How ${account} stands is unknown: ${document.why}`);
    return { command, account, hub, before: document };
  }
  const found = document.value.accounts.find((one) => one.account === account);
  if (found === undefined) throw unknownAccount(command, account, document.value, read);
  return { command, account, hub, before: { kind: 'known', value: found } };
}

/** An order must not fail because nobody knows what is spent. */
async function lookedUp(hub: Hub): Promise<Reading<OrganizationDocument>> {
  try {
    return { kind: 'known', value: (await reported(hub)).document };
  } catch (error) {
    const isSilent = error instanceof ServiceError && !isOfEverything(error);
    const isFailed =
      error instanceof CommandError && (error.code === 'FUNCTION_FAILED' || error.code === 'ANSWER_INVALID');
    if (isSilent || isFailed) return { kind: 'unavailable', why: error.message };
    throw error;
  }
}

function unknownAccount(
  command: string,
  account: string,
  { accounts }: OrganizationDocument,
  { organization, file }: OrganizationFile,
): UsageError {
  if (organization.accounts.some((one) => one.account === account)) {
    return new UsageError(
      `${command}: ${file} has it, and the deployed hub does not: npx cdk deploy --all --context organization=${file}`,
    );
  }
  const known = accounts.map((one) => one.account);
  const nearest = known.length === 0 ? '' : `; nearest: ${closest(account, known)}`;
  return new UsageError(
    `${command}: it is neither in ${file} nor was it ever heard of${nearest}; all that are known: ${statusCommand()}`,
  );
}

/** @throws UsageError where none waits; CommandError where that is unknown */
function decisionOf({ command, before }: Ordered): string {
  if (before.kind === 'unavailable') {
    throw new CommandError('FUNCTION_FAILED', `${command}: which decision waits is unknown; name it with --decision`);
  }
  const { decision, status, reason, failure } = before.value.brake;
  if (status === 'waiting' && decision !== undefined) return decision;
  if (decision === undefined) {
    throw new UsageError(
      `${command}: no decision waits for it; to stop it all the same: npx spend-guard organization stop`,
    );
  }
  const trouble = failure === undefined ? '' : `, which AWS Organizations refuses: ${failure}; each run tries again`;
  throw new UsageError(
    `${command}: decision ${decision} needs no approval any more, the brake is ${status}${trouble}: ${reason ?? 'no reason'}`,
  );
}

/** @returns why it waits. @throws UsageError where another one does, or none */
function waiting({ command }: Ordered, { brake }: AccountDocument, decision: string): string {
  if (brake.decision === decision) return brake.reason ?? 'no reason';
  const now =
    brake.decision === undefined
      ? 'none waits now'
      : `${brake.decision} ${brake.status === 'waiting' ? 'waits' : 'holds'} now: ${brake.reason ?? 'no reason'}`;
  throw new UsageError(`${command} --decision ${decision}: it has ended, or never was; ${now}; see ${statusCommand()}`);
}

function spentWords(before: Reading<AccountDocument>): string {
  return before.kind === 'known' ? spentThisMonth(before.value) : 'what it has spent is unknown';
}

async function carriedOut(
  { command, account, hub, before }: Ordered,
  order: Readonly<Record<string, unknown>> & { readonly command: string },
  world: World,
  after: (answer: BrakeAnswer) => Line,
): Promise<CommandResult> {
  const by = `${world.user} (${hub.caller})`;
  world.progress('Ordered; the hub acts');
  const answer = await hub.ask('organization-brake', { ...order, account, by }, brakeAnswer);
  if (answer.kind === 'refused') {
    throw new UsageError(`${command}: the hub has refused it: ${answer.why}; see ${statusCommand()}`);
  }
  const { brake, reason, until, troubles } = answer;
  const isDone = brake === (order.command === 'lift' ? 'none' : 'attached');
  return {
    exitCode: isDone && troubles.length === 0 ? EXIT_CODES.ok : EXIT_CODES.findings,
    data: {
      ...{ account, order: { ...order, by }, brake, troubles },
      ...(reason !== undefined && { reason }),
      ...(until !== undefined && { until }),
      ...(before.kind === 'known' && { before: before.value }),
    },
    lines: [
      { text: doneText(account, answer, isDone), tone: isDone && troubles.length === 0 ? 'good' : 'warning' },
      ...troubles.map((text): Line => ({ text: `  ${text}`, tone: 'warning' })),
      after(answer),
    ],
  };
}

function doneText(account: string, { brake, reason }: BrakeAnswer, isDone: boolean): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  if (!isDone) return `Ordered, and the brake of ${account} is ${brake} still; each run of the hub tries again${why}`;
  return brake === 'attached'
    ? `The brake of ${account} is attached${why}`
    : `The hub has no brake on ${account} any more`;
}
