import fc from 'fast-check';
import { SWITCH_STATES } from '../../core/enforcement/switch-document';
import type { Principal } from '../../core/enforcement/ports';
import type { DesiredState } from '../../core/stop-lines/triggers';
import type { Life } from './switch-scheduled';
import type { Release, TickRun } from './switch-world';

/** What may happen to a switch, in any order. */

export const RELEASES: readonly Release[] = [
  { smallModels: ['amazon.nova-lite-v1:0'], roles: ['app'], users: ['ann'] },
  { smallModels: ['amazon.nova-lite-v1:0', 'amazon.nova-micro-v1:0'], roles: ['app', 'batch'], users: [] },
  { smallModels: [], roles: ['app'], users: ['ann'] },
];
export const STRANGER: Principal = { kind: 'user', name: 'stranger' };

export type Admin =
  | { readonly act: 'edit' }
  | { readonly act: 'delete' | 'flip' | 'detach'; readonly at: number }
  | { readonly act: 'attach' };

export type Event =
  | { readonly kind: 'want'; readonly state: DesiredState }
  | { readonly kind: 'tick'; readonly run: TickRun }
  | { readonly kind: 'ticks'; readonly runs: readonly [TickRun, TickRun] }
  | { readonly kind: 'deploy'; readonly release: number; readonly life?: Life }
  | { readonly kind: 'late' }
  | { readonly kind: 'together'; readonly release: number; readonly run: TickRun; readonly life?: Life }
  | { readonly kind: 'admin'; readonly admin: Admin };

export const life: fc.Arbitrary<Life> = fc.record({ effects: fc.nat({ max: 6 }), lastIsDone: fc.boolean() });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const defined = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>;
  };
const tickRun: fc.Arbitrary<TickRun> = fc
  .record({
    life: maybe(life),
    deployLife: maybe(life),
    unread: fc.constantFrom(undefined, undefined, 'versions' as const, 'holders' as const),
  })
  .map(defined);
const release = fc.nat({ max: RELEASES.length - 1 });
const at = fc.nat({ max: 9 });
const deploy = fc.record({ release, life: maybe(life) }).map(defined);
const admin: fc.Arbitrary<Admin> = fc.oneof(
  fc.constant<Admin>({ act: 'edit' }),
  ...(['delete', 'flip', 'detach'] as const).map((act) => at.map((one): Admin => ({ act, at: one }))),
  fc.constant<Admin>({ act: 'attach' }),
);
const event = fc.oneof<fc.WeightedArbitrary<Event>[]>(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...SWITCH_STATES, 'stopped' as const).map((state) => ({ kind: 'want', state })),
  },
  { weight: 8, arbitrary: fc.constant({ kind: 'tick', run: {} }) },
  { weight: 3, arbitrary: tickRun.map((run) => ({ kind: 'tick', run })) },
  { weight: 2, arbitrary: fc.tuple(tickRun, tickRun).map((runs) => ({ kind: 'ticks', runs })) },
  { weight: 3, arbitrary: deploy.map((one) => ({ kind: 'deploy', ...one })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'late' }) },
  { weight: 3, arbitrary: fc.tuple(deploy, tickRun).map(([one, run]) => ({ kind: 'together', ...one, run })) },
  { weight: 4, arbitrary: admin.map((one) => ({ kind: 'admin', admin: one })) },
);
const TICK: Event = { kind: 'tick', run: {} };
/** Somebody has a hand in it between two ticks, of which the second may find another decision: what was done must be told. */
const tampering = fc
  .tuple(admin, maybe(fc.constantFrom(...SWITCH_STATES)))
  .map(([one, state]): readonly Event[] => [
    TICK,
    { kind: 'admin', admin: one },
    ...(state === undefined ? [] : [{ kind: 'want', state } as const]),
    TICK,
  ]);
export const anyEvents = fc
  .array(fc.oneof({ weight: 6, arbitrary: event.map((one) => [one]) }, { weight: 2, arbitrary: tampering }), {
    minLength: 1,
    maxLength: 25,
  })
  .map((all) => all.flat());
