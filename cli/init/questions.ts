import { type AnswerProblem, answerProblems, type InitAnswers, type InitQuestion } from '../../config';
import { DeclinedError, UsageError } from '../errors';
import type { World } from '../world';

export interface InitOptions {
  readonly env?: string | undefined;
  readonly region?: string | undefined;
  readonly model?: readonly string[] | undefined;
  readonly limit?: string | undefined;
  readonly owner?: string | undefined;
  readonly role?: readonly string[] | undefined;
  readonly acceptOvershoot?: string | undefined;
  readonly look?: true | undefined;
  readonly yes?: true | undefined;
  readonly force?: true | undefined;
}

/** What somebody who answers nothing gets; absent: the question must be answered. */
export type Proposals = { readonly [Question in InitQuestion]?: NonNullable<InitAnswers[Question]> };

interface Asked<Question extends InitQuestion> {
  readonly option: string;
  readonly example: string;
  readonly words: string;
  readonly given: (options: InitOptions) => string | undefined;
  /** @returns a text where it is no answer */
  readonly parsed: (
    text: string,
  ) => { readonly value: NonNullable<InitAnswers[Question]> } | { readonly problem: string };
  readonly shown: (value: NonNullable<InitAnswers[Question]>) => string;
}

const itself = {
  parsed: (text: string) => ({ value: text.trim() }),
  shown: (value: string) => value,
};
const several = {
  parsed: (text: string) => ({ value: namesIn(text) }),
  shown: (values: readonly string[]) => (values.length === 0 ? 'none' : values.join(', ')),
};

const ASKED: { readonly [Question in InitQuestion]-?: Asked<Question> } = {
  environment: {
    option: '--env',
    example: 'dev',
    words: 'What the environment is called',
    given: ({ env }) => env,
    ...itself,
  },
  region: {
    option: '--region',
    example: 'us-east-1',
    words: 'Region in which models are called',
    given: ({ region }) => region,
    ...itself,
  },
  models: {
    option: '--model',
    example: 'amazon.nova-lite-v1:0',
    words: 'Ids of the models that may be called, by comma',
    given: ({ model }) => model?.join(','),
    ...several,
  },
  monthlyLimitUsd: {
    option: '--limit',
    example: '50',
    words: 'What may be spent in a calendar month, in US dollars',
    given: ({ limit }) => limit,
    parsed: dollars,
    shown: String,
  },
  owner: {
    option: '--owner',
    example: 'team@example.com',
    words: 'Mail address of whoever runs it: gets each alert, and the daily report',
    given: ({ owner }) => owner,
    ...itself,
  },
  roles: {
    option: '--role',
    example: 'my-application',
    words: 'Roles that call models now, by comma, each with its path: a stop reaches them',
    given: ({ role }) => role?.join(','),
    ...several,
  },
  acceptOvershoot: {
    option: '--accept-overshoot',
    example: '"nobody calls it at that rate"',
    words: 'Why that is acceptable (or break off, and begin again with a higher limit)',
    given: ({ acceptOvershoot }) => acceptOvershoot,
    ...itself,
  },
};

/** What is known before anything is asked. @throws UsageError that names every option that is wrong, and why */
export function givenAnswers(options: InitOptions, now: number): Partial<InitAnswers> {
  const answers: Partial<Record<InitQuestion, unknown>> = {};
  const wrong: string[] = [];
  for (const question of Object.keys(ASKED) as InitQuestion[]) {
    const text = ASKED[question].given(options);
    if (text === undefined) continue;
    const parsed = ASKED[question].parsed(text);
    if ('problem' in parsed) wrong.push(`${ASKED[question].option}: ${parsed.problem}`);
    else answers[question] = parsed.value;
  }
  const given = answers as Partial<InitAnswers>;
  const problems = answerProblems(given, now).filter(
    // Without a reason among the options it is asked for.
    ({ question }) => question !== 'acceptOvershoot' || given.acceptOvershoot !== undefined,
  );
  wrong.push(...problems.map(({ question, text }) => `${ASKED[question].option}: ${text}`));
  if (wrong.length > 0) throw new UsageError(wrong.map((line) => `init: ${line}`).join('\n'));
  return given;
}

/** @throws DeclinedError that says which options would do instead of a person */
export function nobodyAnswers(questions: readonly InitQuestion[], why: string): never {
  const options = questions.map((question) => `${ASKED[question].option} ${ASKED[question].example}`);
  throw new DeclinedError(`init: ${why}: nothing was written; give ${options.join(', ')}`);
}

/** Nobody was there to answer. */
export const NOBODY = Symbol('nobody');
export const BROKEN_OFF = 'Declined: nothing was written.';

/**
 * Asks until the answer is right, and says each time what is wrong with it.
 * @param sofar what it is checked together with
 * @throws DeclinedError where the person breaks off
 */
export async function ask<Question extends InitQuestion>(
  question: Question,
  sofar: Partial<InitAnswers>,
  proposal: NonNullable<InitAnswers[Question]> | undefined,
  world: World,
): Promise<NonNullable<InitAnswers[Question]> | typeof NOBODY> {
  const { words, parsed, shown } = ASKED[question] as unknown as Asked<Question>;
  const usual = proposal === undefined ? '' : ` [${shown(proposal)}]`;
  for (;;) {
    const reply = await world.ask(`${words}${usual}: `);
    if (reply.kind === 'nobody') return NOBODY;
    if (reply.kind === 'brokenOff') throw new DeclinedError(BROKEN_OFF);
    const empty = reply.text.trim() === '';
    if (empty && proposal !== undefined) return proposal;
    const answer = parsed(reply.text);
    const problems =
      'problem' in answer ? [answer.problem] : wrongWith(question, { ...sofar, [question]: answer.value }, world);
    if (problems.length === 0 && 'value' in answer) return answer.value;
    world.warn(problems.map((problem) => `  ${problem}`).join('\n'));
  }
}

function wrongWith(question: InitQuestion, answers: Partial<InitAnswers>, world: World): readonly string[] {
  return problemsOf(question, answerProblems(answers, world.now()));
}

export function problemsOf(question: InitQuestion, problems: readonly AnswerProblem[]): readonly string[] {
  return problems.filter((one) => one.question === question).map(({ text }) => text);
}

function namesIn(text: string): readonly string[] {
  return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));
}

function dollars(text: string): { readonly value: number } | { readonly problem: string } {
  const amount = text.trim().replace(/^\$/, '');
  if (/^\d{1,7}(\.\d{1,2})?$/.test(amount)) return { value: Number(amount) };
  return {
    problem: `must be dollars above 0 and up to 1000000, with at most two decimals, such as 50 or 99.50, got '${text}'`,
  };
}
