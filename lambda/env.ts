import * as z from 'zod/mini';
import { GuardError } from '../core/errors';

/** JSON inside a variable. A value that is no JSON is a problem of that variable, like any other. */
export function json<Shape extends z.ZodMiniType>(shape: Shape) {
  const parse = z.transform((text: string, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.issues.push({ code: 'custom', message: 'not valid JSON', input: text });
      return z.NEVER;
    }
  });
  return z.pipe(z.pipe(z.string(), parse), shape);
}

/** A list, or text by commas, as a template's parameter gives it: an empty text is nobody, as is what a comma too many leaves. */
export const names = z.union([
  z.array(z.string().check(z.minLength(1))),
  z.pipe(
    z.string(),
    z.transform((text: string) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    ),
  ),
]);

/** Whether a dashboard shows the environment: else no metric is sent that only one would read. */
export const dashboard = { DASHBOARD: z.enum(['true', 'false']) };

/**
 * A function's variables, checked as a whole at cold start.
 * @throws GuardError ENVIRONMENT_INVALID that names every variable that is wrong
 */
export function parseVariables<Shape extends z.ZodMiniType>(
  schema: Shape,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<Shape> {
  const parsed = schema.safeParse(variables);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')} (${message})`);
  throw new GuardError(
    'ENVIRONMENT_INVALID',
    `wrong environment variables: ${wrong.join(', ')}; they are set by the stack: deploy it again`,
  );
}
