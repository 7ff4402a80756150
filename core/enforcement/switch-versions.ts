import type { PolicyVersion } from '../ports/policy-versions';
import type { DesiredState } from '../triggers';
import { sameDocument, stateOf, SWITCH_STATES, type Digest, type PolicyDocument } from './switch-document';

/** IAM's quota of versions of a managed policy (trap 48). */
export const MOST_VERSIONS = 5;

/** What is to be done next so that each state has a version with today's text, and nothing else is there. */
export type VersionStep =
  | { readonly kind: 'create'; readonly state: DesiredState; readonly document: PolicyDocument }
  | { readonly kind: 'remove'; readonly id: string; readonly why: 'foreign' | 'doubled' | 'outdated' };

/**
 * One step at a time, each told from what is there: a run that stops anywhere is taken up by the next. The default is never
 * touched, which is the meter's; an outdated text that is in effect stays until the meter has changed to the new one. A state has
 * a version at any moment, so that the meter can change to it in between.
 * @returns undefined where nothing is left to do for now
 */
export function nextVersionStep(
  versions: readonly PolicyVersion[],
  documents: Readonly<Record<DesiredState, PolicyDocument>>,
  digest: Digest,
): VersionStep | undefined {
  const seen = versions.map((version) => {
    const state = stateOf(version.document, digest);
    const isCurrent = state !== undefined && sameDocument(version.document, documents[state]);
    return { ...version, state, isCurrent };
  });
  const removable = seen.filter(({ isDefault }) => !isDefault);
  const foreign = removable.find(({ state }) => state === undefined);
  if (foreign !== undefined) return { kind: 'remove', id: foreign.id, why: 'foreign' };
  for (const state of SWITCH_STATES) {
    const current = seen.filter((one) => one.state === state && one.isCurrent).sort(newestFirst);
    const kept = current.find(({ isDefault }) => isDefault) ?? current[0];
    if (kept === undefined) continue;
    const doubled = removable.find((one) => one.state === state && one.isCurrent && one.id !== kept.id);
    if (doubled !== undefined) return { kind: 'remove', id: doubled.id, why: 'doubled' };
    const outdated = removable.find((one) => one.state === state && !one.isCurrent);
    if (outdated !== undefined) return { kind: 'remove', id: outdated.id, why: 'outdated' };
  }
  const missing = SWITCH_STATES.find((state) => !seen.some((one) => one.state === state && one.isCurrent));
  if (missing === undefined) return undefined;
  if (versions.length < MOST_VERSIONS) return { kind: 'create', state: missing, document: documents[missing] };
  // Full of outdated ones: of a state that has two, the older one nobody needs.
  const spare = removable
    .sort(newestFirst)
    .reverse()
    .find((one) => seen.some((other) => other.state === one.state && other.id !== one.id));
  return spare === undefined ? undefined : { kind: 'remove', id: spare.id, why: 'outdated' };
}

/** Of two versions the one made later; IAM's numbers decide where the times are equal. */
export function newestFirst(
  a: Pick<PolicyVersion, 'createdAt' | 'id'>,
  b: Pick<PolicyVersion, 'createdAt' | 'id'>,
): number {
  return b.createdAt - a.createdAt || Number(b.id.slice(1)) - Number(a.id.slice(1));
}
