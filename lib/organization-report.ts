import { CfnOutput, Duration, RemovalPolicy, TimeZone, Validations } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { OrganizationConfig } from '../config';
import type { OrganizationReportVariables } from '../lambda/organization-report';
import type { AlertTopic } from './alerts';
import { GuardFunction } from './guard-function';
import { GuardSchedules } from './guard-schedule';
import { fixLogicalId } from './logical-ids';
import { nagText } from './nag-text';
import type { OrganizationTable } from './organization-table';
import { splitVariables } from './variables';

export interface OrganizationReportProps {
  readonly organization: OrganizationConfig;
  readonly settings: Pick<OrganizationReportVariables, 'ORGANIZATION'>;
  readonly table: OrganizationTable;
  readonly alerts: AlertTopic;
  readonly schedules: GuardSchedules;
}

/** Two hours more than the longest wait from one to the next, as for the daily report of an environment. */
const LONGEST_WAIT = Duration.hours(28);

/** One mail a day and one page: every account against its limit, who is silent, what waits for a decision. */
export class OrganizationReport extends Construct {
  readonly guardFunction: GuardFunction;

  constructor(scope: Construct, id: string, props: OrganizationReportProps) {
    super(scope, id);
    const { organization, settings, table, alerts, schedules } = props;
    const { hour, minute, timeZone } = organization.report;
    const pages = this.pages();
    const variables: OrganizationReportVariables = {
      ...settings,
      HUB_TABLE_NAME: table.table.tableName,
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
      PAGE_BUCKET_NAME: pages.bucketName,
      REPORT_TIME_ZONE: timeZone,
    };
    this.guardFunction = new GuardFunction(this, 'Report', {
      feature: 'organization-report',
      description: 'Reports what the accounts of the organisation spend, by mail and as a page',
      ...splitVariables(variables),
      // Shorter than a claim on a report lives (`STALE_CLAIM_MS`).
      timeout: Duration.seconds(50),
    });
    table.grantReport(this.guardFunction);
    this.guardFunction.allow(['sns:Publish'], [alerts.topic.topicArn]);
    const days = pages.arnForObjects('days/*');
    this.guardFunction.allow(['s3:PutObject'], [pages.arnForObjects('organization.html'), days]);
    this.guardFunction.acknowledgeWildcard(`Resource::${nagText(this, days)}`, 'A page for each day, of its date.');
    schedules.run(this.guardFunction, {
      every: GuardSchedules.dailyAt(hour, minute, TimeZone.of(timeZone)),
      description: 'The daily report of the organisation',
      maxEventAge: Duration.hours(6),
    });
    alerts.watchRuns(this.guardFunction, { after: LONGEST_WAIT });
  }

  private pages(): s3.Bucket {
    const bucket = new s3.Bucket(this, 'Pages', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'One page of sums, written once a day and read by few: a bucket of access logs would cost more than it tells.',
    });
    fixLogicalId(
      new CfnOutput(this, 'PagesName', {
        value: bucket.bucketName,
        description: 'Has organization.html, the last daily page, and days/',
      }),
      'PageBucketName',
    );
    return bucket;
  }
}
