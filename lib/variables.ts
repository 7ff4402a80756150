import { Token } from 'aws-cdk-lib';
import { GuardError } from '../core/errors';
import type { Settings } from '../core/settings';

/** Lambda's limit for all variables together (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, read 2026-11-23). */
export const MAX_VARIABLES_BYTES = 4_096;
/** What a token stands for is not known at synth; ARNs of policies and topics have about a hundred characters. */
const RESOLVED_TOKEN_BYTES = 100;
/** Ids of application inference profiles have 12 characters in every answer seen; no document gives their length. */
const PROFILE_ID_BYTES = 20;
export const PROFILE_IDS = 'PROFILE_IDS';

/**
 * What only a deployment knows stays in variables; all else is shipped beside the code, where it may be of any size. What is
 * undefined is told by its absence.
 */
export function splitVariables(told: Readonly<Record<string, string | undefined>>): {
  readonly variables: Readonly<Record<string, string>>;
  readonly settings: Settings;
} {
  const entries = Object.entries(told).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const isLate = ([, value]: readonly [string, string]) => Token.isUnresolved(value);
  return {
    variables: Object.fromEntries(entries.filter(isLate)),
    settings: Object.fromEntries(entries.filter((entry) => !isLate(entry))),
  };
}

/** Once what the tokens stand for is known. */
export function variableBytes(variables: Readonly<Record<string, string>>): number {
  return Object.entries(variables).reduce((sum, [name, value]) => sum + bytesOf(name, value), 0);
}

/** @throws GuardError LIMIT_EXCEEDED at synth, where Lambda would refuse the deployment */
export function refuseTooManyVariables(feature: string, variables: Readonly<Record<string, string>>): void {
  const bytes = variableBytes(variables);
  if (bytes <= MAX_VARIABLES_BYTES) return;
  const [[largest, value] = ['', '']] = Object.entries(variables).sort((a, b) => bytesOf(...b) - bytesOf(...a));
  throw new GuardError(
    'LIMIT_EXCEEDED',
    `${feature}'s variables would have ${bytes} bytes, Lambda takes ${MAX_VARIABLES_BYTES}: ${largest} alone has ${bytesOf(largest, value)}; list less of it in the config, such as groups in place of users`,
  );
}

function bytesOf(name: string, value: string): number {
  const resolved = 'x'.repeat(name === PROFILE_IDS ? PROFILE_ID_BYTES : RESOLVED_TOKEN_BYTES);
  return Buffer.byteLength(name) + Buffer.byteLength(value.replace(/\$\{Token\[[^\]]*\]\}/g, resolved));
}
