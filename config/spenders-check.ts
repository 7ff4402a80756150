import { rightValues, type Problem } from './problems';
import { type EnvironmentInput, spendersShape } from './schema';

/**
 * What is wrong with `spenders` beside the shape of each value.
 * @param path of the environment
 * @param raw the environment as it was written
 */
export function spendersProblems(path: string, raw: unknown): Problem[] {
  const written = (raw as { spenders?: unknown } | null | undefined)?.spenders;
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return [];
  const at = `${path}.spenders`;
  // What is there and is no setting is told as such.
  if (Object.values(written).every((value) => value === undefined)) {
    return [{ path: at, text: 'names nothing to look at; set principalTag or invocationLogs, or leave spenders out' }];
  }
  const { principalTag } = rightValues<NonNullable<EnvironmentInput['spenders']>>(spendersShape, written);
  return principalTag === undefined ? [] : tagProblems(`${at}.principalTag`, principalTag);
}

function tagProblems(path: string, tag: string): Problem[] {
  const prefix = 'iamPrincipal/';
  if (tag.startsWith(prefix)) {
    const plain = tag.slice(prefix.length);
    return [{ path, text: `must be the key as IAM has it, without ${prefix}: '${plain}', got '${tag}'` }];
  }
  // Keys of AWS's own are on no role or user that somebody has tagged.
  return /^aws:/i.test(tag) ? [{ path, text: `must be a key of your own, as aws: is reserved, got '${tag}'` }] : [];
}
