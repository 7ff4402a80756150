import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { hubBucketName } from '../config';

export interface OrganizationAssetsProps {
  readonly organizationId: string;
}

/** Template and code of the members' guards, for the accounts of the organisation to read and nobody else. */
export class OrganizationAssets extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, { organizationId }: OrganizationAssetsProps) {
    super(scope, id);
    const { account, region } = Stack.of(this);
    this.bucket = new s3.Bucket(this, 'Bucket', {
      // Named: the CDK CLI uploads to it by name what the StackSet's stack needs, once this stack is there.
      bucketName: hubBucketName(account, region),
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // A guard in an account that joins tomorrow is made of it.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'OrganizationReads',
        actions: ['s3:GetObject'],
        principals: [new iam.AnyPrincipal()],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { StringEquals: { 'aws:PrincipalOrgID': organizationId } },
      }),
    );
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the code and the template of a release, which are no secret: who has read them is of no use.',
    });
  }
}
