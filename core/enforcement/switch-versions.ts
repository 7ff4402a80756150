import type { PolicyVersion } from './ports';
import type { DesiredState } from '../stop-lines';
import { sameDocument, SWITCH_STATES, told, type Digest, type PolicyDocument } from './switch-document';

/** IAM's quota of versions of a managed policy (trap 48). */
export const MOST_VERSIONS = 5;

/** What is to be done next so that each state has a version with today's text, and nothing else is there. */
export type VersionStep =
  | { readonly kind: 'create'; readonly state: DesiredState; readonly document: PolicyDocument }
  | { readonly kind: 'remove'; readonly id: string; readonly why: 'foreign' | 'doubled' | 'outdated' };

/**
 * One step at a time, each told from what is there: a run that stops anywhere is taken up by the next. The default is never
 * touched, which is the meter's; an outdated text that is in effect stays until the meter has changed to the new one.
 *
 * The newest of a state is what the meter goes by, and is never taken away, whatever it says: so that a state has a version at any
 * moment, also where runs with different texts are at work at once. A newer text that has been withdrawn is outdone by a newer one.
 * @returns undefined where nothing is left to do for now
 */
export function nextVersionStep(
  versions: readonly PolicyVersion[],
  documents: Readonly<Record<DesiredState, PolicyDocument>>,
  digest: Digest,
): VersionStep | undefined {
  const seen = versions
    .map((version) => {
      const { state } = told(version, digest);
      return { ...version, state, isCurrent: state !== undefined && sameDocument(version.document, documents[state]) };
    })
    .sort(newestFirst);
  const removable = seen.filter(({ isDefault }) => !isDefault);
  const foreign = removable.find(({ state }) => state === undefined);
  if (foreign !== undefined) return { kind: 'remove', id: foreign.id, why: 'foreign' };
  const newest = SWITCH_STATES.map((state) => seen.find((one) => one.state === state));
  const older = removable.filter((one) => !newest.includes(one)).toReversed();
  const needless = older.find(({ state }) => newest.some((one) => one?.state === state && one?.isCurrent));
  if (needless !== undefined) {
    return { kind: 'remove', id: needless.id, why: needless.isCurrent ? 'doubled' : 'outdated' };
  }
  const missing = SWITCH_STATES.find((_, at) => newest[at]?.isCurrent !== true);
  if (missing === undefined) return undefined;
  if (versions.length < MOST_VERSIONS) return { kind: 'create', state: missing, document: documents[missing] };
  // Full of outdated ones: of a state that has two, the older one nobody needs.
  const [oldest] = older;
  return oldest === undefined ? undefined : { kind: 'remove', id: oldest.id, why: 'outdated' };
}

/** Of two versions the one made later; IAM's numbers decide where the times are equal. */
export function newestFirst(
  a: Pick<PolicyVersion, 'createdAt' | 'id'>,
  b: Pick<PolicyVersion, 'createdAt' | 'id'>,
): number {
  return b.createdAt - a.createdAt || Number(b.id.slice(1)) - Number(a.id.slice(1));
}
