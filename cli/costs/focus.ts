import type { EnvironmentConfig } from '../../config';
import type { UtcMonth } from '../../core/calendar';
import type { FocusOf } from '../../core/spenders';
import type { Part } from '../each';
import { printable } from '../printable';
import type { World } from '../world';
import type { CostsByOptions } from './options';

/** How long AWS may take to say whose credentials these are. */
const IDENTITY_MS = 10_000;

/** Of whose the lines are: asks AWS for the account. @param incomplete what is in no line, in words */
export async function focusContext(
  environment: EnvironmentConfig,
  month: UtcMonth,
  { billingAccount }: CostsByOptions,
  incomplete: readonly string[],
  world: World,
): Promise<FocusOf> {
  const { identity, pace } = await world.services(environment);
  const { account } = await identity.whoAmI(pace.timeout(IDENTITY_MS));
  return {
    ...{ month, account, environment: environment.name, region: environment.region },
    ...(billingAccount === undefined ? {} : { billingAccount }),
    ...(incomplete.length === 0 ? {} : { incomplete: shortened(incomplete.join('; ')) }),
  };
}

/** It stands in every line. */
const LONGEST = 500;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

const SHOWN = 20;

/** FOCUS has no line for what is not known: standard error has. */
export function warnOf<T>(parts: readonly Part<T>[], unknown: (value: T) => readonly string[], world: World): void {
  for (const part of parts) {
    const texts = part.kind === 'failed' ? [part.message] : unknownTexts(unknown(part.value));
    for (const text of texts) world.warn(`${part.environment}: ${text}`);
  }
}

/** So many that somebody reads them. */
export function unknownTexts(unknown: readonly string[]): readonly string[] {
  const more = unknown.length - SHOWN;
  return [
    ...unknown.slice(0, SHOWN).map((one) => `unknown: ${printable(one)}`),
    ...(more > 0 ? [`unknown: and ${more} more, which --json has`] : []),
  ];
}
