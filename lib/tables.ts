import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { fixLogicalId } from './logical-ids';

export const LEASES_TABLE_OUTPUT = 'LeasesTableName';

/** What each table of a guard and of the hub has in common. */
export const TABLE_SHAPE = {
  partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
  sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
  timeToLiveAttribute: 'expiresAt',
  billing: dynamodb.Billing.onDemand(),
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
};

export interface TablesProps {
  /** Keeps the state table when the stack goes, and refuses to delete it by hand. */
  readonly keepState: boolean;
}

/**
 * `state` belongs to the guard's roles alone: what it must restore, and what it has sent. `leases` is for callers with the
 * in-path plugin. They are two tables because the guard never decides from what a caller can write.
 */
export class Tables extends Construct {
  readonly state: dynamodb.TableV2;
  readonly leases: dynamodb.TableV2;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    this.state = new dynamodb.TableV2(this, 'State', {
      ...TABLE_SHAPE,
      deletionProtection: props.keepState,
      removalPolicy: props.keepState ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // Holds reservations of the running month only: nothing in it outlives the stack.
    this.leases = new dynamodb.TableV2(this, 'Leases', { ...TABLE_SHAPE, removalPolicy: RemovalPolicy.DESTROY });
    fixLogicalId(new CfnOutput(this, 'StateTableName', { value: this.state.tableName }), 'StateTableName');
    fixLogicalId(new CfnOutput(this, 'LeasesTableName', { value: this.leases.tableName }), LEASES_TABLE_OUTPUT);
  }
}
