import { isWaiting, KINDS, type Journal, type Kind, type Planned } from './journal';
import { NAME_PREFIX, runBegan } from './names';
import type { Found } from './ports';
import { BUDGET_IS_LEFT_AFTER_MS, RUN_IS_OVER_AFTER_MS } from './work';

/** Something with the names of `verify` that the account has. */
export interface FoundResource extends Found {
  readonly kind: Kind;
  readonly region: string;
}

/** Something to remove. */
export interface Leftover {
  readonly kind: Kind;
  readonly name: string;
  readonly region: string;
  readonly arn?: string;
  /** What the journal says of it; absent: it is not in this one. */
  readonly planned?: Planned;
}

export interface Leftovers {
  readonly remove: readonly Leftover[];
  /** In words: what is let be, and why. */
  readonly kept: readonly string[];
}

/**
 * What to remove of what the journal names and the account has.
 * @param mode `run`: before the steps, which takes nothing that another run may still need; `clean`: all of it
 */
export function leftovers(
  journal: Journal,
  found: readonly FoundResource[],
  { account, now, mode }: { readonly account: string; readonly now: number; readonly mode: 'run' | 'clean' },
): Leftovers {
  const remove: Leftover[] = [];
  const kept: string[] = [];
  for (const one of journal.resources) {
    const { kind, name, region } = one;
    if (one.account !== account) {
      kept.push(`${kind} ${name}: it is in the account that ends in ${one.account}, use credentials of that one`);
    } else if (mode === 'run' && isWaiting(journal, one)) {
      kept.push(`${kind} ${name}: a later run of the step reads it`);
    } else {
      const arn = one.arn ?? found.find(isNamed(one))?.arn;
      remove.push({ kind, name, region, planned: one, ...(arn === undefined ? {} : { arn }) });
    }
  }
  for (const { kind, name, region, arn, runId } of found) {
    if (!name.startsWith(NAME_PREFIX) || journal.resources.some(isNamed({ kind, name, region }))) continue;
    const began = runId === undefined ? undefined : runBegan(runId);
    if (began === undefined) {
      kept.push(`${kind} ${name}: it does not carry the tag of a run, so it is somebody else's; remove it by hand`);
    } else if (mode === 'run' && now - began < (kind === 'budget' ? BUDGET_IS_LEFT_AFTER_MS : RUN_IS_OVER_AFTER_MS)) {
      kept.push(`${kind} ${name}: another run may still need it; verify --clean removes it`);
    } else {
      remove.push({ kind, name, region, arn });
    }
  }
  return { remove: remove.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)), kept };
}

function isNamed(one: Pick<Planned, 'kind' | 'name' | 'region'>) {
  // Roles, policies and budgets are of no Region.
  return ({ kind, name, region }: Pick<Planned, 'kind' | 'name' | 'region'>) =>
    kind === one.kind && name === one.name && (kind !== 'profile' || region === one.region);
}
