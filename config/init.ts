import { DEFAULTS, withDefaults } from './defaults';
import { loadGuard } from './load';
import { ConfigError, type Problem } from './problems';
import type { GuardInput } from './schema';

/** What a first config is made of: what nobody but its owner can know. */
export interface InitAnswers {
  readonly environment: string;
  readonly region: string;
  readonly models: readonly string[];
  readonly monthlyLimitUsd: number;
  readonly owner: string;
  readonly roles: readonly string[];
  /** Needed where the overshoot estimate is above the limit. */
  readonly acceptOvershoot?: string;
}

export type InitQuestion = keyof InitAnswers;

/** Of the language and kind of module that the app is in. */
export type InitModule = 'import' | 'require';

export interface AnswerProblem {
  readonly question: InitQuestion;
  readonly text: string;
}

/** In place of what has not been answered yet: right by itself, in every Region that has a guard. */
const STAND_IN: InitAnswers = {
  environment: 'account',
  region: 'us-east-1',
  models: ['amazon.nova-lite-v1:0'],
  monthlyLimitUsd: 1_000_000,
  owner: 'owner@example.com',
  roles: [],
};

/**
 * What `loadGuard` says against the answers so far. `acceptOvershoot` is one of them once models and limit are given, which decide
 * whether it is needed.
 * @param now as `loadGuard` takes it
 * @throws ConfigError of what no answer is to blame for
 */
export function answerProblems(answers: Partial<InitAnswers>, now: number): readonly AnswerProblem[] {
  const whole = { ...STAND_IN, ...answers };
  try {
    loadGuard(initInput(whole), now);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { problems } = error;
    const blamed = problems.flatMap(({ path, text }) => {
      const question = questionAt(path, whole.environment);
      return question === undefined ? [] : [{ question, text }];
    });
    if (blamed.length < problems.length) throw error;
    // The owner is also the one of the budget, of whom the same is said.
    return blamed.filter(
      ({ question, text }, at) => isGiven(question, answers) && blamed.findIndex((other) => other.text === text) === at,
    );
  }
}

function isGiven(question: InitQuestion, answers: Partial<InitAnswers>): boolean {
  if (question === 'acceptOvershoot') return answers.models !== undefined && answers.monthlyLimitUsd !== undefined;
  return answers[question] !== undefined;
}

const KEYS: Readonly<Record<string, InitQuestion>> = {
  region: 'region',
  models: 'models',
  monthlyLimitUsd: 'monthlyLimitUsd',
  owner: 'owner',
  budgetOwner: 'owner',
  principals: 'roles',
  acceptOvershoot: 'acceptOvershoot',
};

function questionAt(path: Problem['path'], environment: string): InitQuestion | undefined {
  const own = `environments.${environment}`;
  if (path === own || path === 'environments') return 'environment';
  if (!path.startsWith(`${own}.`)) return undefined;
  const [key = ''] = path.slice(own.length + 1).split(/[.[]/);
  return KEYS[key];
}

/** What the file of {@link initText} says, once it is loaded. */
export function initInput({ environment, roles, acceptOvershoot, ...brief }: InitAnswers): GuardInput {
  const guard = withDefaults({
    ...brief,
    ...(roles.length === 0 ? {} : { principals: { roles } }),
    ...(acceptOvershoot === undefined ? {} : { acceptOvershoot }),
  });
  return { environments: { [environment]: guard } };
}

const PACKAGE = 'bedrock-spend-guard/config';
const IMPORTS: Readonly<Record<InitModule, readonly [string, string]>> = {
  import: [`import { defineGuard, withDefaults } from '${PACKAGE}';`, 'export default'],
  require: [`const { defineGuard, withDefaults } = require('${PACKAGE}');`, 'module.exports ='],
};

/** The config as a program, as prettier would write it with single quotes. Answers are literals in it, and nothing else. */
export function initText(answers: InitAnswers, module: InitModule): string {
  const { environment, region, models, monthlyLimitUsd, owner, roles, acceptOvershoot } = answers;
  const [imported, exported] = IMPORTS[module];
  const { alertAtPercent, stopAtPercent } = DEFAULTS;
  const settings = [
    `region: ${literal(region)},`,
    '// US dollars of a calendar month, UTC.',
    `// Mails at ${alertAtPercent.join(', ')}% of it; at ${stopAtPercent}% every model is denied.`,
    `monthlyLimitUsd: ${monthlyLimitUsd},`,
    '// Gets each alert and the daily report.',
    `owner: ${literal(owner)},`,
    '// As they are called: with a scope (us., eu., global.), or as the Region has it.',
    ...list('models', models, SETTING),
    '// Whom a stop reaches, beside whoever assumes the role that the guard brings.',
    'principals: {',
    ...list('roles', roles, SETTING + 2).map((line) => `  ${line}`),
    '},',
    ...(acceptOvershoot === undefined
      ? []
      : [
          '// Why more than the limit may be spent before a stop works.',
          ...property('acceptOvershoot', literal(acceptOvershoot), SETTING),
        ]),
  ];
  return [
    imported,
    '',
    '// What is left out has a default: docs/reference/config.md of bedrock-spend-guard has every setting.',
    `${exported} defineGuard({`,
    '  environments: {',
    `    ${key(environment)}: withDefaults({`,
    ...settings.map((line) => ' '.repeat(SETTING) + line),
    '    }),',
    '  },',
    '});',
    '',
  ].join('\n');
}

/** How far the settings of an environment stand from the left, and where prettier breaks a line. */
const SETTING = 6;
const WIDTH = 80;

function list(name: string, values: readonly string[], indent: number): readonly string[] {
  const items = values.map(literal);
  const line = `${name}: [${items.join(', ')}],`;
  if (items.length === 0 || line.length + indent <= WIDTH) return [line];
  return [`${name}: [`, ...items.map((item) => `  ${item},`), '],'];
}

function property(name: string, value: string, indent: number): readonly string[] {
  const line = `${name}: ${value},`;
  return line.length + indent <= WIDTH ? [line] : [`${name}:`, `  ${value},`];
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

/** All that an editor or a terminal would act on, or not show: controls, separators of lines, direction marks, lone halves. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A string of JavaScript, in the quotes that need fewer escapes. */
function literal(text: string): string {
  const count = (quote: string) => text.split(quote).length;
  const quote = count("'") > count('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(UNSEEN, (unseen) =>
      // As the halves that a string is made of: the same in every version of the language.
      [...Array(unseen.length).keys()]
        .map((at) => `\\u${unseen.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join(''),
    );
  return `${quote}${escaped}${quote}`;
}
