import { stateOf, SWITCH_STATES, type PolicyDocument } from '../../core/enforcement/switch-document';
import type { PolicyVersion } from '../../core/enforcement/ports';
import type { DesiredState } from '../../core/stop-lines/triggers';
import { sha256 } from '../../lambda/digest';

export { sha256 };

const MARKS: Readonly<Record<DesiredState, string>> = {
  open: 'SpendGuardOpenDeniesNothing',
  degraded: 'SpendGuardDegraded',
  stopped: 'SpendGuardStopped',
};

/** A version of a state as a release with other texts would have sealed it. @param text such as `old`, of any number of releases */
export function documentOf(state: DesiredState, text: string): PolicyDocument {
  const rest = {
    Effect: 'Deny',
    Action: 'bedrock:InvokeModel',
    Resource: `arn:aws:bedrock:*::foundation-model/${text}`,
  };
  const withSeal = (seal: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: [{ Sid: `${MARKS[state]}${seal}`, ...rest }],
  });
  let sealed = '';
  stateOf(withSeal('0'.repeat(16)), (what) => (sealed = what));
  return withSeal(sha256(sealed).slice(0, 16));
}

export function foreign(text: string): object {
  return { Version: '2012-10-17', Statement: [{ Sid: 'Mine', Effect: 'Allow', Action: `s3:${text}`, Resource: '*' }] };
}

export type Text = DesiredState | 'foreign';

export function anyDocument(state: Text, text: string): unknown {
  return state === 'foreign' ? foreign(text) : documentOf(state, text);
}

/** All of a release. */
export function textsOf(text: string): Readonly<Record<DesiredState, PolicyDocument>> {
  return {
    open: documentOf('open', text),
    degraded: documentOf('degraded', text),
    stopped: documentOf('stopped', text),
  };
}

/** Of numbers, the higher is the newer: all in the same second. */
export function versionOf(id: number, state: Text, text: string, isDefault: 'default' | '' = ''): PolicyVersion {
  return { id: `v${id}`, isDefault: isDefault === 'default', createdAt: 0, document: anyDocument(state, text) };
}

/** Which states have a version, by what it says. */
export function statesIn(versions: readonly PolicyVersion[]): readonly DesiredState[] {
  const states = versions.map(({ document }) => stateOf(document, sha256));
  return SWITCH_STATES.filter((state) => states.includes(state));
}
