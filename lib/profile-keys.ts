import { createHash } from 'node:crypto';
import { type ResolvedModel, calledId } from '../config';
import { GuardError } from '../core/errors';
import type { InferenceProfiles } from './inference-profiles';

/**
 * By what settings and variables name a model's profile alike. Of the called id too: a model that is called otherwise has
 * another profile and another price, which must not meet while a deployment is half done.
 */
export function profileKey(model: ResolvedModel): string {
  return createHash('sha256')
    .update(`${model.id} ${calledId(model.route)}`)
    .digest('hex')
    .slice(0, 8);
}

/** @throws GuardError LIMIT_EXCEEDED where two models have the same key */
export function profileIdsByKey(
  models: readonly ResolvedModel[],
  profiles: InferenceProfiles | undefined,
  keyOf = profileKey,
): Readonly<Record<string, string>> {
  if (profiles === undefined) return {};
  const ids: Record<string, string> = {};
  for (const model of models) {
    const key = keyOf(model);
    if (Object.hasOwn(ids, key)) {
      const others = models.filter((one) => keyOf(one) === key).map(({ id }) => id);
      throw new GuardError('LIMIT_EXCEEDED', `${others.join(' and ')} have the same key ${key}: leave one of them out`);
    }
    ids[key] = profiles.metricIdOf(model);
  }
  return ids;
}
