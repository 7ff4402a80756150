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

/** Environments of the configuration that `--env` leaves out. */
export function leftOut(
  all: readonly { readonly name: string }[],
  chosen: readonly { readonly name: string }[],
): readonly NotTouched[] {
  const names = all.map(({ name }) => name).filter((name) => chosen.every((one) => one.name !== name));
  return names.map((name) => ({ what: name, reason: 'otherEnvironment', why: 'left out by --env' }));
}
