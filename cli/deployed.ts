import * as z from 'zod';
import { deployCommand, type EnvironmentConfig } from '../config';
import type { DeployedFunction, DeployedGuardPort } from '../core/enforcement';
import { CommandError } from './errors';

/** @throws CommandError NOT_DEPLOYED where the environment has no such function; ServiceError */
export async function deployedFunction(
  guard: DeployedGuardPort,
  environment: EnvironmentConfig,
  feature: string,
): Promise<DeployedFunction> {
  const found = (await guard.functions(environment.name)).find((one) => one.feature === feature);
  if (found) return found;
  throw new CommandError(
    'NOT_DEPLOYED',
    `${environment.name}: no function ${feature} in ${environment.region} of the account of these credentials; deploy it with ${deployCommand(environment.name)}, or use the credentials of its account`,
  );
}

/**
 * A variable that the stack gave to a function.
 * @throws CommandError NOT_DEPLOYED where it is not set: another version of the guard is deployed
 */
export function variable({ name, variables }: DeployedFunction, key: string): string {
  const value = variables[key];
  if (value !== undefined && value !== '') return value;
  throw new CommandError('NOT_DEPLOYED', `${name} has no variable ${key}; deploy the stack again`);
}

/** Headings of what is said of a function that failed. */
const RUNBOOK: Readonly<Record<string, string>> = {
  'spend-meter': 'spend-meter-errors',
  'organization-brake': 'organization-brake-errors',
  'organization-report': 'organization-report',
};

/**
 * Runs one of the guard's functions by hand.
 * @throws CommandError FUNCTION_FAILED, ANSWER_INVALID where a different version answers; ServiceError
 */
export async function invoked<Shape extends z.ZodType>(
  guard: DeployedGuardPort,
  { name, feature }: DeployedFunction,
  event: Readonly<Record<string, unknown>>,
  shape: Shape,
): Promise<z.output<Shape>> {
  const answer = await guard.invoke(name, event);
  if (answer.kind === 'failed') {
    throw new CommandError(
      'FUNCTION_FAILED',
      `${name} ended in ${answer.errorName}: ${answer.text}; see docs/runbook.md, "${RUNBOOK[feature] ?? 'dead-letters'}"`,
    );
  }
  const parsed = shape.safeParse(answer.value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path }) => path.map(String).join('.') || 'the answer').join(', ');
  throw new CommandError(
    'ANSWER_INVALID',
    `${name} answers in a form that this version does not know (${wrong}); deploy the stack again, or use the version that is deployed`,
  );
}
