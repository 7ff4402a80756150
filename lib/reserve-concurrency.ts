import { CfnOutput, CustomResource, Duration, Lazy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { FINGERPRINT } from '../core/estimates';
import type { ReserveConcurrencyVariables } from '../lambda/reserve-concurrency';
import { templateFingerprint } from './every-deploy';
import { GuardFunction } from './guard-function';
import { fixLogicalId } from './logical-ids';

/**
 * Sets Lambda concurrency aside where the account has room, and says so; never fails a deployment (trap 28). Each deployment does
 * it again, as does whoever may ask the function.
 */
export class ReserveConcurrency extends Construct {
  readonly guardFunction: GuardFunction;

  private reservedFor: GuardFunction | undefined;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const variables: ReserveConcurrencyVariables = { FUNCTION_NAME: this.meterName };
    this.guardFunction = new GuardFunction(this, 'Reserve', {
      feature: 'reserve-concurrency',
      description: 'Sets concurrency aside for the meter, where the account has room',
      variables,
      timeout: Duration.minutes(1),
    });
    this.guardFunction.allowOnAll(
      ['lambda:GetAccountSettings'],
      "The account's settings have no resource: GetAccountSettings is allowed on * or not at all.",
    );
  }

  /** Of the function that must always find room, which may come after those that ask for it. */
  get meterName(): string {
    return Lazy.string({
      produce: () => {
        if (this.reservedFor === undefined) throw new Error(`${this.node.path}: there is nobody to reserve for`);
        return this.reservedFor.function.functionName;
      },
    });
  }

  /** Called once. */
  setAsideFor(meter: GuardFunction): void {
    this.reservedFor = meter;
    const { functionArn, functionName } = meter.function;
    this.guardFunction.allow(['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency'], [functionArn]);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SpendGuardReservedConcurrency',
      serviceToken: this.guardFunction.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      properties: { FunctionName: functionName, [FINGERPRINT]: templateFingerprint(this) },
    });
    resource.node.addDependency(this.guardFunction.role);
    fixLogicalId(
      new CfnOutput(this, 'Reserved', {
        value: resource.getAttString('Reserved'),
        description: 'Lambda concurrency set aside for the meter, or why there is none',
      }),
      'MeterReservedConcurrency',
    );
  }
}
