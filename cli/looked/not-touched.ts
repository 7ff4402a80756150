import type { Line } from '../result';

/**
 * Why something was not looked at. `denied`: these credentials may not; `noCredentials`: there are none that hold; `unanswered`: asked,
 * without an answer that says anything; `notDeployed`, `notConfigured`: there is nothing to look at yet; `otherAccount`,
 * `otherRegion`, `otherEnvironment`: out of what was asked; `beyond`: the command does not ask for it.
 */
export type Reason =
  | 'denied'
  | 'noCredentials'
  | 'unanswered'
  | 'notDeployed'
  | 'notConfigured'
  | 'otherAccount'
  | 'otherRegion'
  | 'otherEnvironment'
  | 'beyond';

export interface NotTouched {
  readonly what: string;
  readonly reason: Reason;
  readonly why: string;
}

/** `not touched: what (why)`; what has one reason in common stands in one line. */
export function notTouchedLines(all: readonly NotTouched[]): readonly Line[] {
  const whys = [...new Set(all.map(({ why }) => why))];
  return whys.map((why) => {
    const what = all.filter((one) => one.why === why).map((one) => one.what);
    return `  not touched: ${what.join('; ')} (${why})`;
  });
}

/**
 * What several environments leave out for one and the same reason is said once, below them.
 * @param of what was not touched in an environment, by its name
 */
export function inCommon(
  environments: readonly { readonly name: string }[],
  of: (environment: string) => readonly NotTouched[],
): { readonly own: (environment: string) => readonly Line[]; readonly common: readonly Line[] } {
  const names = environments.map(({ name }) => name);
  const isSame = (a: NotTouched) => (b: NotTouched) => a.what === b.what && a.reason === b.reason && a.why === b.why;
  const holders = (one: NotTouched) => names.filter((name) => of(name).some(isSame(one))).join(', ');
  const linesFor = (who: string, all: readonly NotTouched[]) =>
    notTouchedLines(all.filter((one, at) => holders(one) === who && all.findIndex(isSame(one)) === at));
  const everything = names.flatMap(of);
  const several = [...new Set(everything.map(holders))].filter((who) => !names.includes(who));
  return {
    own: (environment) => linesFor(environment, of(environment)),
    common: several.flatMap((who) => [
      '',
      who === names.join(', ') ? 'every environment:' : `${who}:`,
      ...linesFor(who, everything),
    ]),
  };
}

/** Environments of the configuration that `--env` leaves out. */
export function leftOut(
  all: readonly { readonly name: string }[],
  chosen: readonly { readonly name: string }[],
): readonly NotTouched[] {
  const names = all.map(({ name }) => name).filter((name) => chosen.every((one) => one.name !== name));
  return names.map((name) => ({ what: name, reason: 'otherEnvironment', why: 'left out by --env' }));
}
