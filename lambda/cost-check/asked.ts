import { GuardError, ServiceError } from '../../core/errors';
import type { Reading } from '../../core/reading';

const LONGEST_WHY = 200;

export interface Unavailable {
  readonly kind: 'unavailable';
  readonly why: string;
}

/**
 * Unknown where no answer comes, whatever the reason: a refusal, an answer that makes no sense, or a defect. A report that does not
 * go out tells nobody; one that says what is unknown, and why, does.
 */
export async function asked<T>(ask: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { kind: 'known', value: await ask() };
  } catch (error) {
    return { kind: 'unavailable', why: whyOf(error) };
  }
}

/** The same of a port whose own answers say whether they are known. */
export async function answered<T>(ask: () => Promise<T>): Promise<T | Unavailable> {
  const reading = await asked(ask);
  return reading.kind === 'known' ? reading.value : reading;
}

/** The same of what is made of answers, such as a sum that money cannot hold. */
export function understood<T>(make: () => T, otherwise: (why: string) => T): T {
  try {
    return make();
  } catch (error) {
    return otherwise(whyOf(error));
  }
}

/** For people, in a line of the report. */
export function whyOf(error: unknown): string {
  if (error instanceof ServiceError) return `${error.errorName} from AWS`;
  // Ours, with a sentence of their own: money and times out of their range.
  if (error instanceof GuardError || error instanceof RangeError) return error.message;
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= LONGEST_WHY ? line : `${line.slice(0, LONGEST_WHY)}...`;
}

/** Whether the same question may be answered a minute later. */
export function mayPass(error: unknown): boolean {
  if (error instanceof GuardError) return error.code === 'PAGE_TOKEN_REPEATED';
  return error instanceof ServiceError && ['throttled', 'timedOut', 'unavailable'].includes(error.refusal);
}
