import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { GuardFunction } from './guard-function';
import { fixLogicalId } from './logical-ids';
import { leadingKeys, leadingKeysLike } from './meter-variables';
import { TABLE_SHAPE } from './tables';

const ACCOUNTS = 'ACCOUNT#*';
const HUB = 'HUB';

/** What was last heard of each account, its brake, and which days have had their report. Kept when the stack goes: it says what is attached. */
export class OrganizationTable extends Construct {
  readonly table: dynamodb.TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new dynamodb.TableV2(this, 'Table', {
      ...TABLE_SHAPE,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    fixLogicalId(new CfnOutput(this, 'Name', { value: this.table.tableName }), 'HubTableName');
  }

  /** What accounts tell of themselves. */
  grantTell(to: GuardFunction): void {
    to.allow(['dynamodb:Query', 'dynamodb:PutItem'], [this.table.tableArn], leadingKeysLike(ACCOUNTS));
  }

  grantBrake(to: GuardFunction): void {
    this.grantTell(to);
    this.grantScan(to);
    to.allow(['dynamodb:PutItem'], [this.table.tableArn], leadingKeys(HUB));
  }

  grantReport(to: GuardFunction): void {
    this.grantScan(to);
    to.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [this.table.tableArn], leadingKeys(HUB));
  }

  /** Every account of which there is anything. A scan has no key to hold it to. */
  private grantScan(to: GuardFunction): void {
    to.allow(['dynamodb:Scan'], [this.table.tableArn]);
  }
}

/**
 * What the hub's channels are to be told. A table of its own: brake and report scan the other one, which messages must not make long, and
 * the function that tells channels reaches no brake. It goes with the stack.
 */
export function deliveriesTable(scope: Construct): dynamodb.TableV2 {
  return new dynamodb.TableV2(scope, 'Deliveries', { ...TABLE_SHAPE, removalPolicy: RemovalPolicy.DESTROY });
}
