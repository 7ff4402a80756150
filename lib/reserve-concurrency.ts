import { CfnOutput, CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ReserveConcurrencyVariables } from '../lambda/reserve-concurrency/env';
import { GuardFunction } from './guard-function';

export interface ReserveConcurrencyProps {
  /** The function that must always find room. */
  readonly for: GuardFunction;
}

/** Sets Lambda concurrency aside where the account has room, and says so; never fails a deployment (trap 28). */
export class ReserveConcurrency extends Construct {
  readonly guardFunction: GuardFunction;

  constructor(scope: Construct, id: string, props: ReserveConcurrencyProps) {
    super(scope, id);
    const { function: meter } = props.for;
    const variables: ReserveConcurrencyVariables = { FUNCTION_NAME: meter.functionName };
    this.guardFunction = new GuardFunction(this, 'Reserve', {
      feature: 'reserve-concurrency',
      description: `Sets concurrency aside for ${props.for.feature}, where the account has room`,
      variables,
      timeout: Duration.minutes(1),
    });
    this.guardFunction.allowOnAll(
      ['lambda:GetAccountSettings'],
      "The account's settings have no resource: GetAccountSettings is allowed on * or not at all.",
    );
    this.guardFunction.allow(['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency'], [meter.functionArn]);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SpendGuardReservedConcurrency',
      serviceToken: this.guardFunction.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: { FunctionName: meter.functionName },
    });
    resource.node.addDependency(this.guardFunction.role);
    new CfnOutput(this, 'Reserved', {
      value: resource.getAttString('Reserved'),
      description: 'Lambda concurrency set aside for the meter, or why there is none',
    }).overrideLogicalId('MeterReservedConcurrency');
  }
}
