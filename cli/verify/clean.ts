import { errorNameOf, ServiceError } from '../../core/errors';
import {
  type Found,
  type FoundResource,
  lastFour,
  leftovers,
  NAME_PREFIX,
  type Kind,
  type StepId,
  STEPS,
} from '../../core/verify';
import type { Line } from '../result';
import type { Services } from '../services';
import type { JournalFile } from './journal-file';
import { removeFrom, type AccountScope } from './remove';

export interface Cleaned {
  readonly removed: readonly string[];
  /** With why. */
  readonly kept: readonly string[];
  /** With why: these are still there. */
  readonly left: readonly string[];
  /** What could not be looked for, with why. */
  readonly unseen: readonly string[];
}

/**
 * Removes what earlier runs have left, by the journal and by what the account has under the names and the tag.
 * @param steps what they make is looked for: whoever may run them alone may not look for more
 */
export async function clean(
  services: Services,
  journal: JournalFile,
  scope: AccountScope & { readonly region: string },
  { now, mode, steps }: { readonly now: number; readonly mode: 'run' | 'clean'; readonly steps: readonly StepId[] },
): Promise<Cleaned> {
  const account = lastFour(scope.account);
  const { found, unseen } = await look(services, journal, scope, steps);
  const { remove, kept } = leftovers(journal.content, found, { account, now, mode });
  const removed: string[] = [];
  const left: string[] = [];
  for (const one of remove) {
    const name = `${one.kind} ${one.name}`;
    try {
      const became = await removeFrom(services, scope, one);
      if (one.planned) journal.removed(one.planned);
      removed.push(became === 'removed' ? name : `${name}: it was not there`);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      left.push(`${name}: ${errorNameOf(error)}: ${error.text}`);
    }
  }
  if (mode === 'clean') {
    for (const begun of journal.content.begun) if (begun.account === account) journal.ended(begun);
  }
  return { removed, kept, left, unseen };
}

export function cleanedLines({ removed, kept, left, unseen }: Cleaned): readonly Line[] {
  return [
    ...removed.map((name) => `  removed ${name}`),
    ...kept.map((name) => `  kept ${name}`),
    ...left.map((name): Line => ({ text: `  could not remove ${name}`, tone: 'bad' })),
    ...unseen.map((what): Line => ({ text: `  could not look for ${what}`, tone: 'warning' })),
  ];
}

interface Look {
  readonly kind: Kind;
  readonly what: string;
  readonly region: string;
  readonly list: () => Promise<readonly Found[]>;
}

/** Roles and policies by their path, the rest by the beginning of their names; Regions are this one and those of the journal. */
async function look(
  { verify }: Services,
  journal: JournalFile,
  { region, ...scope }: AccountScope & { readonly region: string },
  steps: readonly StepId[],
): Promise<{ readonly found: readonly FoundResource[]; readonly unseen: readonly string[] }> {
  const unseen: string[] = [];
  const kinds = new Set([
    ...steps.flatMap((step) => STEPS[step].kinds),
    ...journal.content.resources.map(({ kind }) => kind),
  ]);
  const regions = new Set([region, ...journal.content.resources.map((one) => one.region)]);
  const looks: readonly Look[] = [
    ...[...regions].map((at): Look => ({
      kind: 'profile',
      what: `profiles in ${at}`,
      region: at,
      list: () => verify.profiles.list(at, NAME_PREFIX),
    })),
    { kind: 'role', what: 'roles', region, list: () => verify.roles.roles() },
    { kind: 'policy', what: 'policies', region, list: () => verify.roles.policies() },
    { kind: 'budget', what: 'budgets', region, list: () => verify.budgets(scope).list(NAME_PREFIX) },
  ];
  const found: FoundResource[] = [];
  for (const { kind, what, region: at, list } of looks.filter((one) => kinds.has(one.kind))) {
    try {
      found.push(...(await list()).map((one) => ({ ...one, kind, region: at })));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // What the journal names is removed all the same.
      unseen.push(`${what} by tag: ${errorNameOf(error)}`);
    }
  }
  return { found, unseen };
}
