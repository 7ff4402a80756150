import * as z from 'zod/mini';
import { GuardError } from '../core/errors';
import { json } from './env';

const text = z.string().check(z.minLength(1));

/**
 * Ids of the application inference profiles, which only a deployment knows, by the key that the settings name them by. Keys are
 * hashes, so that nothing depends on an order.
 */
export const profileIds = json(z.record(text, text));

/** A model of the settings, with the key of its profile where it has one. */
interface Keyed {
  readonly id: string;
  readonly profile?: string | undefined;
}

/**
 * The profile of each model that has one. CloudFormation changes a function's code and its variables one after the other: a
 * run in between must fail rather than take one model's tokens for another's.
 * @throws GuardError ENVIRONMENT_INVALID that names each model without its profile, and each profile of no model
 */
export function profilesByModel(
  models: readonly Keyed[],
  ids: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const keyed = models.flatMap(({ id, profile }) => (profile === undefined ? [] : [{ id, profile }]));
  const found = keyed.flatMap(({ id, profile }) => {
    const profileId = Object.hasOwn(ids, profile) ? ids[profile] : undefined;
    return profileId === undefined ? [] : [[id, profileId] as const];
  });
  const keys = new Set(keyed.map(({ profile }) => profile));
  const without = keyed.filter(({ profile }) => !Object.hasOwn(ids, profile)).map(({ id }) => id);
  const unused = Object.keys(ids).filter((key) => !keys.has(key));
  if (without.length === 0 && unused.length === 0) return new Map(found);
  const wrong = [
    ...(without.length > 0 ? [`no profile of ${without.join(', ')}`] : []),
    ...(unused.length > 0 ? [`profiles of no model: ${unused.join(', ')}`] : []),
  ];
  throw new GuardError(
    'ENVIRONMENT_INVALID',
    `PROFILE_IDS and the settings are of two deployments (${wrong.join('; ')}): it passes when the deployment ends, else deploy the stack again`,
  );
}
