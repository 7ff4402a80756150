import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { OrganizationRollUpVariables } from '../lambda/organization-roll-up';
import type { AlertTopic } from './alerts';
import { GuardFunction } from './guard-function';
import type { OrganizationBrake } from './organization-brake';
import type { OrganizationTable } from './organization-table';
import { splitVariables } from './variables';

export interface OrganizationRollUpProps {
  readonly settings: Pick<OrganizationRollUpVariables, 'ORGANIZATION'>;
  readonly table: OrganizationTable;
  readonly brake: OrganizationBrake;
  readonly alerts: AlertTopic;
}

/** Keeps what each account tells, and asks the brake to look where that may be more than the account's line. */
export class OrganizationRollUp extends Construct {
  readonly guardFunction: GuardFunction;

  constructor(scope: Construct, id: string, { settings, table, brake, alerts }: OrganizationRollUpProps) {
    super(scope, id);
    const variables: OrganizationRollUpVariables = {
      ...settings,
      HUB_TABLE_NAME: table.table.tableName,
      BRAKE_FUNCTION: brake.guardFunction.function.functionName,
    };
    this.guardFunction = new GuardFunction(this, 'RollUp', {
      feature: 'organization-roll-up',
      description: "Keeps how the organisation's spend guards stand",
      ...splitVariables(variables),
      // It waits for its table, and for no brake: that is invoked as an event.
      timeout: Duration.seconds(60),
    });
    table.grantTell(this.guardFunction);
    this.guardFunction.allow(['lambda:InvokeFunction'], [brake.guardFunction.function.functionArn]);
    // Each account tells hourly: where none is heard, it is the hub that does not hear.
    alerts.watchRuns(this.guardFunction, { after: Duration.hours(3) });
  }
}
