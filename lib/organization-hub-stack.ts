import { CliCredentialsStackSynthesizer, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { hubBucketName, ORGANIZATION_HUB, type OrganizationConfig, stackName } from '../config';
import { ENVIRONMENT_TAG } from '../core/tags';
import { GuardStackSet } from './guard-stack-set';
import type { MembersTemplate } from './members-template';
import { OrganizationHub } from './organization-hub';

export interface OrganizationHubStackProps {
  readonly organization: OrganizationConfig;
}

/** The hub of an organisation, in a stack of its own in the management account. */
export class OrganizationHubStack extends Stack {
  readonly hub: OrganizationHub;

  constructor(scope: Construct, { organization }: OrganizationHubStackProps) {
    const { managementAccount: account, hubRegion: region } = organization;
    super(scope, stackName(ORGANIZATION_HUB), {
      description: 'Knows what every account of the organisation spends on Amazon Bedrock, and can stop one',
      env: { account, region },
      terminationProtection: true,
    });
    Tags.of(this).add(ENVIRONMENT_TAG, ORGANIZATION_HUB);
    this.hub = new OrganizationHub(this, 'Default', { organization });
  }
}

/** Under which the members' files of this release lie in the hub's bucket. */
const PREFIX = 'members/';

export interface MembersStackProps {
  readonly organization: OrganizationConfig;
  readonly template: MembersTemplate;
  /** Deployed first: its bucket takes this stack's files, its bus is what the members tell. */
  readonly hubStack: OrganizationHubStack;
}

/**
 * The StackSet, in a stack of its own: its files go into the hub's bucket, which must be there before they are uploaded. The CDK CLI
 * uploads a stack's files after it has deployed what the stack depends on; by its own credentials here, as the bootstrap's roles may
 * write to the bootstrap's bucket only.
 */
export class MembersStack extends Stack {
  constructor(scope: Construct, { organization, template, hubStack }: MembersStackProps) {
    const { managementAccount: account, hubRegion: region } = organization;
    const bucketName = hubBucketName(account, region);
    super(scope, `${stackName(ORGANIZATION_HUB)}-members`, {
      description: 'A spend guard in every account of the organisational units, by a StackSet',
      env: { account, region },
      terminationProtection: true,
      synthesizer: new CliCredentialsStackSynthesizer({ fileAssetsBucketName: bucketName, bucketPrefix: PREFIX }),
    });
    this.addStackDependency(hubStack, 'the bucket and the bus are there first');
    new GuardStackSet(this, 'Members', {
      organization,
      template,
      assets: { bucketName, prefix: PREFIX },
      busArn: hubStack.hub.bus.arn,
    });
  }
}
