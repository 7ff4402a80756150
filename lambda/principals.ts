import * as z from 'zod/mini';
import { keepingLast } from '../core/kept';
import type { Principal } from '../core/enforcement';
import { json, names } from './env';

const text = z.string().check(z.minLength(1));

/** Whom the guard holds, for every function that must know. */
export const principalSettings = {
  /** Name of the environment's own role. */
  INVOKER_ROLE: text,
  /** Whom the configuration names beside it, by name. */
  PRINCIPALS: json(z.object({ roles: names, users: names, groups: names })),
} as const;

const settings = z.object(principalSettings);
export type PrincipalSettingsVariables = z.input<typeof settings>;
export type PrincipalSettings = z.output<typeof settings>;

/** Asked each minute, and always the same. */
export const principalsOf = keepingLast(({ INVOKER_ROLE, PRINCIPALS }: PrincipalSettings): readonly Principal[] => [
  { kind: 'role', name: INVOKER_ROLE },
  ...principalsIn('role', PRINCIPALS.roles),
  ...principalsIn('user', PRINCIPALS.users),
  ...principalsIn('group', PRINCIPALS.groups),
]);

function principalsIn(kind: Principal['kind'], names: readonly string[]): readonly Principal[] {
  return names.map((name) => ({ kind, name }));
}
