import type { Problem } from './problems';
import type { EnvironmentInput } from './schema';

/** What is wrong with `spenders` beside the shape of each value. @param path of the environment */
export function spendersProblems(path: string, { spenders }: Partial<EnvironmentInput>): Problem[] {
  if (spenders === undefined) return [];
  const at = `${path}.spenders`;
  const { principalTag, invocationLogs } = spenders;
  if (principalTag === undefined && invocationLogs === undefined) {
    return [{ path: at, text: 'names nothing to look at; set principalTag or invocationLogs, or leave spenders out' }];
  }
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
