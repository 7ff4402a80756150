import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { EnvironmentConfig, Problem } from '../config';
import { deployedStack } from './logical-ids';

/** By which a guard is found in an app, also one of another copy of the package. */
export const GUARDED = Symbol.for('bedrock-spend-guard.guarded');

/** A guard as the others of its app see it. */
export interface Guarded extends IConstruct {
  readonly [GUARDED]: EnvironmentConfig;
}

/** Lets others of the app find a guard. */
export function markGuarded(guard: IConstruct, environment: EnvironmentConfig): Guarded {
  return Object.assign(guard, { [GUARDED]: environment });
}

/** The guards of the app before and after this one, in the order in which they were made. */
export function otherGuards(guard: IConstruct): readonly Guarded[] {
  return guard.node.root.node
    .findAll()
    .filter((one): one is Guarded => (one as Partial<Guarded>)[GUARDED] !== undefined && one !== guard);
}

/** What an account, or a stack, has room for once. */
export function twiceProblems(guard: IConstruct, { name }: EnvironmentConfig): readonly Problem[] {
  const others = otherGuards(guard);
  const namesake = others.find(
    (one) => one[GUARDED].name.toLowerCase() === name.toLowerCase() && shareAccount(one, guard),
  );
  const alike = others.find((one) => Stack.of(one) === Stack.of(guard) && lettersOf(one) === lettersOf(guard));
  return [
    ...(namesake
      ? [
          {
            path: 'environmentName',
            text: `must be another than that of ${namesake.node.path}, as both may be of one account, where a switch has its name in all Regions; got '${name}'`,
          },
        ]
      : []),
    ...(alike
      ? [
          {
            path: 'id',
            text: `must differ from that of ${alike.node.path} in letters or digits, of which the ids of resources are made; got '${guard.node.id}'`,
          },
        ]
      : []),
  ];
}

/** Those that count what this one counts as well: of another Region at least the bill, which is the account's. */
export function alsoCounting(guard: Guarded): readonly Guarded[] {
  if (guard[GUARDED].metering !== 'account') return [];
  return otherGuards(guard).filter((one) => one[GUARDED].metering === 'account' && shareAccount(one, guard));
}

/** Whether some others are in the stack that is deployed. */
export function isAloneInStack(guard: IConstruct): boolean {
  return otherGuards(guard).every((one) => deployedStack(one) !== deployedStack(guard));
}

/** Also where synth knows the account of one of them only. */
function shareAccount(one: IConstruct, other: IConstruct): boolean {
  const [a, b] = [Stack.of(one).account, Stack.of(other).account];
  return a === b || Token.isUnresolved(a) || Token.isUnresolved(b);
}

function lettersOf(guard: IConstruct): string {
  return guard.node.path.replaceAll(/[^A-Za-z0-9/]/g, '');
}
