import * as z from 'zod/mini';
import {
  type ConcurrencyFailuresPort,
  converge,
  type ConvergeDeps,
  convergeMetrics,
  type ConvergeResult,
  failureNews,
  type FailureNews,
} from '../../core/concurrency';
import { GuardError } from '../../core/errors';
import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';
import type { AutoStopEnv } from './env';

export interface AutoStopDeps extends ConvergeDeps {
  readonly failures: ConcurrencyFailuresPort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
}

/** Further keys, such as a clock for the local AWS, are allowed, and say nothing about what to lower. */
const events = z.union([
  z.object({ source: z.literal('schedule'), command: z.optional(z.never()) }),
  z.object({ command: z.literal('converge'), source: z.optional(z.never()) }),
]);

/**
 * Every 15 minutes, and whenever somebody says "converge". An event is a hint that it is time; what is lowered follows from
 * the configuration and the state table alone (trap 27).
 * @throws GuardError EVENT_INVALID; ServiceError where the records cannot be read or the mail not be sent, so that Lambda tries again
 */
export function makeHandler(deps: AutoStopDeps, env: AutoStopEnv): (event: unknown) => Promise<ConvergeResult> {
  return async (event) => {
    if (!events.safeParse(event).success) throw unknownEvent(event);

    const result = await converge(deps, {
      environment: env.ENVIRONMENT,
      region: env.AWS_REGION,
      functions: env.MANAGED_FUNCTIONS,
    });

    const before = await deps.failures.failures();
    const news = failureNews(before, result, deps.now());

    const { outcomes, desired, note, hold, savedPerHour } = result;
    deps.metrics.record(env.ENVIRONMENT, convergeMetrics(result, news), {
      event: 'concurrency.converged',
      desired,
      ...(note ? { note } : {}),
      ...(hold ? { hold } : {}),
      savedPerHour,
      // What is awake and stays so needs no line in the log.
      outcomes: outcomes.filter(({ outcome }) => outcome !== 'awake' && outcome !== 'absent'),
    });
    await tell(deps, news, before?.revision ?? 0);
    return result;
  };
}

/** The mail before the record: a crash between the two repeats it rather than loses it. */
async function tell({ mail, failures }: AutoStopDeps, news: FailureNews, replaces: number): Promise<void> {
  if (news.mail) await mail.send(news.mail);
  if (news.record === undefined) return;
  try {
    await failures.saveFailures(news.record, replaces);
  } catch (error) {
    // Another run has kept what it found a moment ago: the next one goes on from there.
    if (!(error instanceof GuardError && error.code === 'STATE_CONFLICT')) throw error;
  }
}

function unknownEvent(event: unknown): GuardError {
  const text = JSON.stringify(event) ?? String(event);
  const shown = text.length <= 200 ? text : `${text.slice(0, 200)}...`;
  return new GuardError(
    'EVENT_INVALID',
    `auto-stop takes {"source":"schedule",...} or {"command":"converge"}, got ${shown}`,
  );
}
