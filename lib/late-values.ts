import { Aws, CfnCondition, CfnOutput, CfnResource, Fn, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { NANO_PER_USD } from '../core/money';

/** Whether something is so: known at synth, or left to a condition of the template. */
export type Choice = boolean | CfnCondition;

/** Names that a template's parameter gives. */
export interface LateNames {
  /** By commas, without blanks; empty where there are none. */
  readonly text: string;
  /** Whether there are any. */
  readonly some: CfnCondition;
}

/** What a template can leave to its parameters. All else of an environment is known at synth. */
export interface LateValues {
  /** A month, in US dollars. */
  readonly limitUsd: number;
  /** The same in nano-dollars, or text of them. */
  readonly limit: number | string;
  readonly enforces: Choice;
  /** All of the account's usage counts, not that of the own profiles alone. */
  readonly metersAccount: Choice;
  /** The whole account's bill is this environment's, not that of the own profiles alone. */
  readonly billsAccount: Choice;
  /** AWS Budgets has an action. */
  readonly actsOnBill: Choice;
  /** An organisation's hub is told. */
  readonly tellsHub: Choice;
  /** Who is guarded beside the invoker role. @default - whom the environment names */
  readonly names?: Readonly<Record<'roles' | 'users' | 'groups', LateNames>>;
}

/** Everything as the environment has it. */
export function valuesOf(environment: EnvironmentConfig): LateValues {
  return {
    limitUsd: environment.limit / NANO_PER_USD,
    limit: environment.limit,
    enforces: environment.meter.enforce,
    metersAccount: environment.metering === 'account',
    billsAccount: environment.identity === 'direct',
    actsOnBill: environment.billAction.kind !== 'none',
    tellsHub: environment.organizationHub !== undefined,
  };
}

/** Text for either case. */
export function chosen<Yes extends string, No extends string>(choice: Choice, yes: Yes, no: No): Yes | No {
  if (typeof choice === 'boolean') return choice ? yes : no;
  return Token.asString(Fn.conditionIf(choice.logicalId, yes, no)) as Yes | No;
}

/** A list, or no such property at all. */
export function listIfAny({ text, some }: LateNames): string[] {
  return Token.asList(Fn.conditionIf(some.logicalId, Fn.split(',', text), Aws.NO_VALUE));
}

/** Nothing beneath a construct is made where a choice is a no. To be called once all of it is there. */
export function makeOnlyIf(choice: Choice, made: IConstruct): void {
  if (typeof choice === 'boolean') return;
  for (const one of made.node.findAll()) {
    if (CfnResource.isCfnResource(one)) one.cfnOptions.condition = choice;
    if (one instanceof CfnOutput) one.condition = choice;
  }
}
