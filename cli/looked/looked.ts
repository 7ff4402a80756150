import { ServiceError } from '../../core/errors';
import { isAboutCredentials } from '../explain';
import type { Services } from '../services';
import type { NotTouched, Reason } from './not-touched';
import { QUESTION_NAMES, questionOf, QUESTIONS, type Question, type QuestionName } from './questions';

/** `empty`: an answer, of nothing. */
type Outcome = 'pending' | 'answered' | 'empty' | Omit<NotTouched, 'what'>;

/**
 * Keeps a record of what a command really asks, and of what came of it, so that it can say what it did not look at. What was never
 * asked is known by the ports that stayed untouched, not by a list that somebody has to keep true.
 */
export class Looked {
  /** By what was asked, in words. */
  private readonly asked = new Map<string, { readonly question: QuestionName; outcome: Outcome }>();
  private readonly left: NotTouched[] = [];
  private readonly skipped = new Set<QuestionName>();
  private stopped: Omit<NotTouched, 'what'> | undefined;

  /** The same services, whose answers are noted. */
  watch(services: Services): Services {
    return this.observed('', services) as Services;
  }

  /** What a command would have asked, had there been anything to ask for. */
  skip(question: QuestionName, reason: Reason, why: string): void {
    this.skipped.add(question);
    this.note(wordsOf(question), reason, why);
  }

  note(what: string, reason: Reason, why: string): void {
    this.left.push({ what, reason, why });
  }

  /** Nothing more is asked: this is why, for all that was not. */
  stop(reason: Reason, why: string): void {
    this.stopped ??= { reason, why: `nothing more was asked: ${why}` };
  }

  /** @param otherwise why nothing was asked where no reason was given */
  notTouched(otherwise: string): readonly NotTouched[] {
    const asked = [...this.asked].map(([what, one]) => ({ what, ...one }));
    const unasked = QUESTION_NAMES.filter(
      (name) => !this.skipped.has(name) && asked.every(({ question }) => question !== name),
    );
    const unanswered = asked.flatMap(({ what, outcome }): NotTouched[] => {
      if (outcome === 'answered' || outcome === 'empty') return [];
      return [{ what, ...(outcome === 'pending' ? { reason: 'unanswered', why: 'no answer in time' } : outcome) }];
    });
    const answered = new Set(asked.flatMap(({ question, outcome }) => (outcome === 'answered' ? question : [])));
    const lacking = [...answered].flatMap((name): NotTouched[] => {
      const { lacks }: Question = QUESTIONS[name];
      return lacks ? [{ ...lacks, reason: 'beyond' }] : [];
    });
    const rest = this.stopped ?? { reason: 'beyond', why: otherwise };
    return [...unanswered, ...this.left, ...lacking, ...unasked.map((name) => ({ what: wordsOf(name), ...rest }))];
  }

  /** Of services, their ports and what makes ports; a call of a method is a question. */
  private observed(path: string, target: object): unknown {
    return new Proxy(target, {
      get: (of, key) => {
        const value: unknown = Reflect.get(of, key, of);
        if (typeof key === 'symbol') return value;
        const inner = path === '' ? key : `${path}.${key}`;
        if (typeof value === 'object' && value !== null) return this.observed(inner, value);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.called(inner, args, () => Reflect.apply(value, of, args) as unknown);
      },
    });
  }

  private called(path: string, args: readonly unknown[], call: () => unknown): unknown {
    // A service that is made for a table, an account or a topic asks nothing yet.
    const makes = !path.includes('.');
    const question = makes ? undefined : questionOf(path);
    const note = question === undefined ? () => undefined : this.noting(question, args);
    try {
      const answer = call();
      if (makes)
        return typeof answer === 'object' && answer !== null && !isPromise(answer)
          ? this.observed(path, answer)
          : answer;
      if (!isPromise(answer)) {
        note(outcomeOf(answer));
        return answer;
      }
      return answer.then(
        (value) => {
          note(outcomeOf(value));
          return value;
        },
        (error: unknown) => {
          note(reasonOf(error));
          throw error;
        },
      );
    } catch (error) {
      note(reasonOf(error));
      throw error;
    }
  }

  private noting(question: QuestionName, args: readonly unknown[]): (outcome: Outcome) => void {
    const what = wordsOf(question, args);
    const record: { question: QuestionName; outcome: Outcome } = { question, outcome: 'pending' };
    this.asked.set(what, record);
    return (outcome) => {
      record.outcome = outcome;
    };
  }
}

/** Why a question that failed has told nothing. */
export function reasonOf(error: unknown): Omit<NotTouched, 'what'> {
  const name = error instanceof ServiceError ? error.errorName : error instanceof Error ? error.name : String(error);
  if (isAboutCredentials(name)) return { reason: 'noCredentials', why: `no credentials that hold: ${name}` };
  if (error instanceof ServiceError && error.refusal === 'accessDenied') {
    return { reason: 'denied', why: `these credentials may not: ${name}` };
  }
  // Node's own errors are all of one name, which says nothing.
  const said = name === 'Error' && error instanceof ServiceError ? error.text : name;
  return { reason: 'unanswered', why: `no answer: ${said}` };
}

/** Some ports answer that they do not know, where others throw. */
function outcomeOf(answer: unknown): Outcome {
  const { kind, why } = (answer ?? {}) as { readonly kind?: unknown; readonly why?: unknown };
  if (Array.isArray(answer) && answer.length === 0) return 'empty';
  if (kind === 'denied') return { reason: 'denied', why: `these credentials may not: ${String(why)}` };
  if (kind !== 'unavailable') return 'answered';
  return { reason: 'unanswered', why: typeof why === 'string' ? why : 'no answer' };
}

function wordsOf(name: QuestionName, args: readonly unknown[] = []): string {
  const { what, subjectAt }: Question = QUESTIONS[name];
  const subject = subjectAt === undefined ? undefined : args[subjectAt];
  return typeof subject === 'string' ? what(subject) : what();
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise;
}
