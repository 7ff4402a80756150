import { createRequire } from 'node:module';
import path from 'node:path';
import { answerProblems, type InitAnswers, initInput, type InitQuestion, initText, loadGuard } from '../../config';
import { DeclinedError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import { look, type Look } from '../init/look';
import { nextSteps } from '../init/next-steps';
import { checkFree, placeOfApp, writeConfig } from '../init/place';
import {
  ask,
  BROKEN_OFF,
  givenAnswers,
  type InitOptions,
  NOBODY,
  nobodyAnswers,
  problemsOf,
  type Proposals,
} from '../init/questions';
import type { CommandResult } from '../result';
import type { World } from '../world';

/** In the order in which they are asked: the account is looked at once the Region is known. */
const BEFORE: readonly InitQuestion[] = ['environment', 'region'];
const AFTER: readonly InitQuestion[] = ['models', 'monthlyLimitUsd', 'owner', 'roles'];

const NO_TERMINAL = 'nobody can be asked here, as this is no terminal';
const PACKAGES = ['bedrock-spend-guard', 'aws-cdk-lib', 'constructs'];

/** Writes a first config into the app that it is run in. A file that is written is one that `loadGuard` takes. */
export async function init(options: InitOptions, world: World): Promise<CommandResult> {
  const place = placeOfApp();
  checkFree(place, options.force === true);
  const { answers, looked } = await answersOf(options, world);
  loadGuard(initInput(answers), world.now(), place.file);
  const { file, copies } = writeConfig(place, initText(answers, place.module));
  const { environment, owner, roles } = answers;
  return {
    exitCode: EXIT_CODES.ok,
    data: { file, copies, answers, ...(looked === undefined ? {} : { looked: looked.data }) },
    lines: [
      { text: `wrote ${path.relative(process.cwd(), file)}`, tone: 'good' },
      ...copies.map((copy) => `  what was there is ${copy} now`),
      ...nextSteps({
        file: place.file,
        module: place.module,
        environment,
        owner,
        hasRoles: roles.length > 0,
        missing: missingIn(place.folder),
      }),
    ],
  };
}

interface Answered {
  readonly answers: InitAnswers;
  readonly looked?: Look;
}

/** What is proposed for questions that no option answers. */
interface Proposed {
  /** For everybody, as the options' help says. */
  readonly usual: Proposals;
  /** By what the account has used: a person agrees, or `--yes` does. */
  readonly seen: Proposals;
}

async function answersOf(options: InitOptions, world: World): Promise<Answered> {
  const given = givenAnswers(options, world.now());
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  const usual: Proposals = {
    environment: 'dev',
    roles: [],
    // What the shell has may be a Region that can have no guard.
    ...(region !== undefined && answerProblems({ region }, world.now()).length === 0 ? { region } : {}),
  };
  const first = await answered(BEFORE, given, { usual, seen: {} }, options, world);
  const looked = await lookedAt(first.region ?? '', options, given, world);
  const answers = await answered(AFTER, first, { usual, seen: proposedBy(looked, options) }, options, world);
  return { answers: await accepted(answers as InitAnswers, options, world), ...(looked ? { looked } : {}) };
}

async function answered(
  questions: readonly InitQuestion[],
  given: Partial<InitAnswers>,
  { usual, seen }: Proposed,
  options: InitOptions,
  world: World,
): Promise<Partial<InitAnswers>> {
  const isYes = options.yes === true;
  const missing = [...BEFORE, ...AFTER].filter(
    (question) =>
      given[question] === undefined && usual[question] === undefined && !(isYes && seen[question] !== undefined),
  );
  let answers = given;
  for (const question of questions.filter((one) => given[one] === undefined)) {
    const proposal = seen[question] ?? usual[question];
    const answer = isYes ? proposal : await ask(question, answers, proposal, world);
    if (answer === undefined && isYes) nobodyAnswers(missing, '--yes asks nobody');
    if (answer === NOBODY && usual[question] === undefined) nobodyAnswers(missing, NO_TERMINAL);
    answers = { ...answers, [question]: answer === NOBODY ? usual[question] : answer };
  }
  return answers;
}

/** Where options leave something to propose, and somebody agrees. */
async function lookedAt(
  region: string,
  options: InitOptions,
  { models, monthlyLimitUsd }: Partial<InitAnswers>,
  world: World,
): Promise<Look | undefined> {
  if (models !== undefined && monthlyLimitUsd !== undefined && options.look === undefined) return undefined;
  if (options.look === undefined && (options.yes || !(await agreesToLook(region, world)))) return undefined;
  world.progress(`Asking CloudWatch what the account has used in ${region}`);
  const looked = await look(await world.services({ region }), region, world.now());
  world.say(looked.lines);
  return looked;
}

async function agreesToLook(region: string, world: World): Promise<boolean> {
  const reply = await world.ask(
    `Look at what this account has used in ${region}, to propose models and a limit? CloudWatch is asked with your credentials, for some cents at most [y/N]: `,
  );
  if (reply.kind === 'brokenOff') throw new DeclinedError(BROKEN_OFF);
  return reply.kind === 'typed' && /^y(es)?$/i.test(reply.text.trim());
}

/** A limit that is known to be too low is for a person to judge. */
function proposedBy(looked: Look | undefined, { yes }: InitOptions): Proposals {
  if (looked === undefined) return {};
  const { models, limitUsd, isLimitTooLow } = looked;
  return {
    ...(models.length === 0 ? {} : { models }),
    ...(limitUsd === undefined || (yes && isLimitTooLow) ? {} : { monthlyLimitUsd: limitUsd }),
  };
}

/** Where what may be spent before a stop works is more than the limit, the config wants the reason. */
async function accepted(answers: InitAnswers, options: InitOptions, world: World): Promise<InitAnswers> {
  const [why] = problemsOf('acceptOvershoot', answerProblems(answers, world.now()));
  if (why === undefined) return answers;
  if (options.yes) nobodyAnswers(['acceptOvershoot'], `the config ${why}`);
  world.warn(`  The config ${why}`);
  const acceptOvershoot = await ask('acceptOvershoot', answers, undefined, world);
  if (acceptOvershoot === NOBODY) nobodyAnswers(['acceptOvershoot'], `${NO_TERMINAL}, and the config ${why}`);
  return { ...answers, acceptOvershoot };
}

/** What an app needs, and does not find. */
function missingIn(folder: string): readonly string[] {
  const { resolve } = createRequire(path.join(folder, 'package.json'));
  return PACKAGES.filter((name) => {
    try {
      resolve(`${name}/package.json`);
      return false;
    } catch {
      return true;
    }
  });
}
