import { smallModelIds } from '../../config/model-tiers';
import { switchDocument } from '../../core/enforcement/switch-document';
import type { DesiredState } from '../../core/stop-lines/triggers';
import { sha256 } from '../../lambda/digest';
import { Principal, type NamedPolicy } from './iam-evaluator';
import { ACCOUNT, type StackIam, type StackRole } from './iam-stack';

/** Under which name the tests of IAM find the switch: its logical id. */
export const SWITCH = 'SwitchPolicy';

/** What the switch says in a state, as the deploy's function writes it. */
export function switchVersion({ environment }: StackIam, state: DesiredState): NamedPolicy {
  const scope = { partition: 'aws', account: ACCOUNT, smallModels: smallModelIds(environment.models) };
  return { name: SWITCH, document: switchDocument(state, scope, sha256) };
}

/** A role while a state is in effect: another version is the default of what it has attached, and nothing else has changed. */
export function inState(stack: StackIam, role: StackRole, state: DesiredState): Principal {
  const others = role.policies.filter(({ name }) => name !== SWITCH);
  return new Principal(stack.iam, [...others, switchVersion(stack, state)], role.boundary);
}
