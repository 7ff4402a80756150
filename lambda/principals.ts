import * as z from 'zod/mini';
import { keepingLast } from '../core/kept';
import type { Principal } from '../core/enforcement';
import { json, names } from './env';

const text = z.string().check(z.minLength(1));

/** Of whom the app holds beside the configuration, most by names that only a deployment knows. */
export const HELD_PRINCIPALS = 'HELD_PRINCIPALS';

const lists = z.object({ roles: names, users: names, groups: names });

/** Whom the guard holds, for every function that must know. */
export const principalSettings = {
  /** Name of the environment's own role. */
  INVOKER_ROLE: text,
  /** Whom the configuration names beside it, by name. */
  PRINCIPALS: json(lists),
  [HELD_PRINCIPALS]: z.optional(json(lists)),
} as const;

const settings = z.object(principalSettings);
export type PrincipalSettingsVariables = z.input<typeof settings>;
export type PrincipalSettings = z.output<typeof settings>;

/** Asked each minute, and always the same. */
export const principalsOf = keepingLast((settings: PrincipalSettings): readonly Principal[] => [
  { kind: 'role', name: settings.INVOKER_ROLE },
  ...principalsIn('role', namesOf(settings, 'roles')),
  ...principalsIn('user', namesOf(settings, 'users')),
  ...principalsIn('group', namesOf(settings, 'groups')),
]);

/** Each once, beside the environment's own role. */
export function namesOf(
  { PRINCIPALS, HELD_PRINCIPALS: held }: Omit<PrincipalSettings, 'INVOKER_ROLE'>,
  list: keyof PrincipalSettings['PRINCIPALS'],
): readonly string[] {
  return [...new Set([...PRINCIPALS[list], ...(held?.[list] ?? [])])];
}

function principalsIn(kind: Principal['kind'], names: readonly string[]): readonly Principal[] {
  return names.map((name) => ({ kind, name }));
}
