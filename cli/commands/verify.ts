import { randomBytes } from 'node:crypto';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EnvironmentConfig, ResolvedModel } from '../../config';
import { formatUsd } from '../../core/money';
import {
  lastFour,
  masked,
  runIdAt,
  sealed,
  type StepModel,
  type StepRecord,
  stepsPolicy,
  type VerifiedRecord,
  verifiedPage,
  withoutSession,
} from '../../core/verify';
import { sha256 } from '../../lambda/digest';
import { DeclinedError, UsageError } from '../errors';
import { configuration, theOne } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import type { CommandResult } from '../result';
import type { Services } from '../services';
import { clean, cleanedLines } from '../verify/clean';
import type { LegacyModel } from '../verify/context';
import { JournalFile } from '../verify/journal-file';
import { Made } from '../verify/made';
import { atMost, cheapestModel, legacyModel, type Offer, offers, stepsNamed } from '../verify/options';
import { runAll } from '../verify/run';
import { guardVersion } from '../verify/version';
import { offerLines, recordLines, sumLine, thingLines } from '../verify/words';
import type { World } from '../world';

export interface VerifyOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly step?: readonly string[] | undefined;
  readonly yes?: readonly string[] | undefined;
  readonly plan?: true | undefined;
  readonly policy?: true | undefined;
  readonly clean?: true | undefined;
  readonly atMost?: string | undefined;
  readonly legacyModel?: string | undefined;
  readonly out: string;
  readonly page?: string | undefined;
  readonly signedBy?: string | undefined;
  readonly withAccount?: true | undefined;
}

/** What is fixed before anything is asked of AWS. */
interface Plan {
  readonly environment: EnvironmentConfig;
  readonly model: ResolvedModel;
  readonly legacy: LegacyModel | undefined;
  readonly offers: readonly Offer[];
}

/** What only a live account can settle, step by step, each with consent. */
export async function verify(options: VerifyOptions, world: World): Promise<CommandResult> {
  const plan = planOf(options, world);
  if (options.policy) return policy(plan, world);
  if (options.plan) return planned(plan, options);
  checkFiles(options);
  if (options.clean) return cleaned(plan, options, world);
  world.say([...plan.offers.flatMap((offer) => [...offerLines(offer, most(options)), '']), sumLine(plan.offers)]);
  const agreed = await consent(plan.offers, options, world);
  return run({ ...plan, offers: agreed }, options, world);
}

function planOf(options: VerifyOptions, world: World): Plan {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const model = cheapestModel(environment);
  const legacy = legacyModel(environment, options.legacyModel);
  const yes = options.yes === undefined ? undefined : stepsNamed('--yes', options.yes);
  // Whoever names steps in advance has answered for the others too.
  const steps = stepsNamed('--step', options.step).filter((id) => yes?.includes(id) ?? true);
  return { environment, model, legacy, offers: offers(steps, model, legacy, atMost(options.atMost)) };
}

const most = (options: VerifyOptions) => formatUsd(atMost(options.atMost));

function planned({ environment, offers: all }: Plan, options: VerifyOptions): CommandResult {
  return {
    exitCode: EXIT_CODES.ok,
    data: { environment: environment.name, steps: all },
    lines: [...all.flatMap((offer) => [...offerLines(offer, most(options)), '']), sumLine(all)],
  };
}

/** The permissions of a person for the steps, for an administrator to give. */
async function policy(plan: Plan, world: World): Promise<CommandResult> {
  const services = await world.services(plan.environment);
  const { model } = await account(plan, services);
  const steps = plan.offers.map(({ step }) => step);
  const document = stepsPolicy(steps, { ...model, legacyModels: plan.legacy ? [plan.legacy.id] : [] });
  if (steps.includes('deny-latency')) {
    world.warn('deny-latency: whoever has this may make a role, and give it any permission; give it to administrators');
  }
  return { exitCode: EXIT_CODES.ok, data: { policy: document }, lines: [JSON.stringify(document, null, 2)] };
}

async function cleaned(plan: Plan, options: VerifyOptions, world: World): Promise<CommandResult> {
  const { environment } = plan;
  await world.confirm(
    `Remove all that runs of verify have left in ${environment.region} and in IAM and Budgets of the account, also what a later run would read?`,
    options.yes !== undefined,
  );
  const services = await world.services(environment);
  const journal = new JournalFile(options.out);
  const { model } = await account(plan, services);
  const steps = plan.offers.map(({ step }) => step);
  const result = await clean(services, journal, model, { now: world.now(), mode: 'clean', steps });
  const isNothing = result.removed.length + result.kept.length + result.left.length + result.unseen.length === 0;
  return {
    exitCode: result.left.length + result.unseen.length > 0 ? EXIT_CODES.findings : EXIT_CODES.ok,
    data: { environment: environment.name, ...result },
    lines: isNothing ? ['nothing is left'] : ['cleaned:', ...cleanedLines(result)],
  };
}

/** @throws DeclinedError where nothing was agreed to: nothing is done then */
async function consent(all: readonly Offer[], options: VerifyOptions, world: World): Promise<readonly Offer[]> {
  const agreed: Offer[] = [];
  let declined: DeclinedError | undefined;
  for (const offer of all.filter(({ isWithin }) => isWithin)) {
    try {
      await world.confirm(`Run ${offer.step}, for ${formatUsd(offer.worst)} at worst?`, options.yes !== undefined);
      agreed.push(offer);
    } catch (error) {
      if (!(error instanceof DeclinedError)) throw error;
      declined = error;
    }
  }
  if (agreed.length > 0) return agreed;
  throw new DeclinedError(
    declined?.message.replace('add --yes', 'name steps with --yes all or --yes ID,ID') ??
      `verify: no step is left to run: raise --at-most (${most(options)}), or name others with --step and --yes`,
  );
}

async function run(plan: Plan, options: VerifyOptions, world: World): Promise<CommandResult> {
  const { environment, legacy } = plan;
  const services = await world.services(environment);
  const journal = new JournalFile(options.out);
  journal.check();
  const { model, arn } = await account(plan, services);
  const began = world.now();
  const runId = runIdAt(began, randomBytes(3).toString('hex'));
  const steps = plan.offers.map(({ step }) => step);
  const before = await clean(services, journal, model, { now: began, mode: 'run', steps });
  world.say(cleanedLines(before));
  const made = new Made(services, journal, { ...model, runId });
  const records = await runAll(plan.offers, plan.model.price, {
    ...{ runId, environment, model, legacy, services, journal, made },
    now: () => world.now(),
    stopAsked: world.stopAsked(),
    progress: (text) => world.progress(text),
  });
  const record = recordOf(records, {
    plan,
    options,
    world,
    runId,
    account: model.account,
    arn,
    endpoint: services.verify.endpoint,
  });
  write(options.out, `${JSON.stringify(record, null, 2)}\n`);
  if (options.page !== undefined) write(options.page, verifiedPage(record));
  const isLeft = made.things.some(({ now }) => now === 'left') || before.left.length > 0;
  const needsAttention =
    isLeft ||
    records.some(({ outcome }) => outcome === 'failed') ||
    records.some(({ outcome, findings }) => outcome === 'done' && findings.some(({ verdict }) => verdict !== 'shown'));
  return {
    exitCode: needsAttention ? EXIT_CODES.findings : EXIT_CODES.ok,
    data: { environment: environment.name, file: options.out, record, made: made.things, before },
    lines: [
      ...recordLines(record),
      ...thingLines(made.things),
      { text: `wrote ${options.out}${options.page === undefined ? '' : ` and ${options.page}`}`, tone: 'good' },
      ...(record.endpoint === 'aws'
        ? [`  npm run verified -- ${options.out} takes what it shows into docs/unproven.md`]
        : [{ text: `  against ${record.endpoint}: it shows nothing of an account of AWS`, tone: 'warning' as const }]),
    ],
  };
}

interface Signed {
  readonly plan: Plan;
  readonly options: VerifyOptions;
  readonly world: World;
  readonly runId: string;
  readonly account: string;
  readonly arn: string;
  readonly endpoint: string;
}

function recordOf(steps: readonly StepRecord[], signed: Signed): VerifiedRecord {
  const { plan, options, world, runId, account: number, arn, endpoint } = signed;
  const open = {
    schemaVersion: 1,
    guardVersion: guardVersion(),
    runId,
    at: new Date(world.now()).toISOString(),
    environment: plan.environment.name,
    region: plan.environment.region,
    account: options.withAccount ? number : lastFour(number),
    endpoint,
    caller: withoutSession(arn),
    signedBy: options.signedBy ?? world.user,
    steps,
  } as const;
  return sealed(options.withAccount ? open : masked(open, number), sha256);
}

/** Longer than any answer of STS takes. */
const IDENTITY_MS = 10_000;

/** @throws UsageError where the environment is of another account than these credentials */
async function account(
  { environment, model }: Plan,
  { identity, pace }: Services,
): Promise<{ readonly model: StepModel; readonly arn: string }> {
  const { account: number, arn } = await identity.whoAmI(pace.timeout(IDENTITY_MS));
  if (environment.account !== undefined && environment.account !== number) {
    throw new UsageError(
      `${environment.name} is in account ${environment.account}, and these credentials are of ${number}; use those of its account`,
    );
  }
  const { route } = model;
  return {
    arn,
    model: {
      partition: arn.split(':')[1] ?? 'aws',
      account: number,
      region: environment.region,
      modelId: route.modelId,
      ...(route.via === 'crossRegion' ? { systemProfileId: route.profileId } : {}),
    },
  };
}

/** Before anything is made: a record that cannot be written would be lost with all that it cost. @throws UsageError */
function checkFiles({ out, page }: VerifyOptions): void {
  for (const [option, file] of [['--out', out] as const, ...(page === undefined ? [] : [['--page', page] as const])]) {
    const folder = path.dirname(path.resolve(file));
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      throw new UsageError(`${option} ${file}: there is no folder ${folder}; name a file in one that exists`);
    }
    if (existsSync(file) && statSync(file).isDirectory()) {
      throw new UsageError(`${option} ${file}: it is a folder; name a file`);
    }
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const { code = 'error' } = error as { code?: string };
    throw new UsageError(`${file}: cannot be written (${code}); the record is lost, run the steps again`);
  }
}
