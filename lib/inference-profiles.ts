import { createHash } from 'node:crypto';
import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import * as bedrock from 'aws-cdk-lib/aws-bedrock';
import { Construct } from 'constructs';
import { type ResolvedModel, calledId, inferenceProfileName, PROFILE_LABEL_LENGTH } from '../config';
import { BILLING_TAG } from '../core/tags';
import { fixLogicalId } from './logical-ids';
import { modelArns } from './model-arns';

export interface InferenceProfilesProps {
  readonly environment: string;
  readonly models: readonly ResolvedModel[];
}

/**
 * One application inference profile per model. Its id separates this environment's metrics from its neighbours' in the same
 * account, its tag the bill (trap 5).
 */
export class InferenceProfiles extends Construct {
  private readonly profiles = new Map<string, bedrock.CfnApplicationInferenceProfile>();

  constructor(scope: Construct, id: string, props: InferenceProfilesProps) {
    super(scope, id);
    Tags.of(this).add(BILLING_TAG, props.environment);
    for (const model of props.models) {
      const source = modelArns(Stack.of(this), model).callable;
      const profile = new bedrock.CfnApplicationInferenceProfile(this, constructId(model.id), {
        inferenceProfileName: profileName(props.environment, model.id, calledId(model.route)),
        modelSource: { copyFrom: source },
      });
      this.profiles.set(model.id, profile);
      fixLogicalId(
        new CfnOutput(this, `${constructId(model.id)}Arn`, {
          value: profile.attrInferenceProfileArn,
          description: `Call ${model.name} (${model.tier}) with this as modelId`,
        }),
        profileOutput(model.id),
      );
    }
  }

  arnOf(model: ResolvedModel): string {
    return this.profileOf(model).attrInferenceProfileArn;
  }

  /** What CloudWatch's ModelId dimension holds for calls through the profile: its opaque id (M-H in the AWS facts). */
  metricIdOf(model: ResolvedModel): string {
    return this.profileOf(model).attrInferenceProfileId;
  }

  private profileOf(model: ResolvedModel): bedrock.CfnApplicationInferenceProfile {
    const profile = this.profiles.get(model.id);
    if (profile === undefined) throw new Error(`no inference profile for model '${model.id}'`);
    return profile;
  }
}

/** The output of the stack that has the ARN of a model's profile. */
export function profileOutput(modelId: string): string {
  return `Profile${constructId(modelId)}Arn`;
}

/** `amazon.nova-lite-v1:0` → `AmazonNovaLiteV10`: stable, so that a profile is never replaced by a reordered list. */
export function constructId(modelId: string): string {
  return modelId
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/**
 * Name and source are create-only: a changed source needs a new name, or CloudFormation's replacement collides with the
 * profile that still exists. Hence the hash. AWS takes it for every name that the configuration takes (trap 53).
 * @param label of a model its id
 * @param called the id that the profile stands for, with its scope
 */
export function profileName(environment: string, label: string, called: string): string {
  const hash = createHash('sha256').update(called).digest('hex').slice(0, 8);
  const short = label
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, PROFILE_LABEL_LENGTH)
    .replace(/^-|-$/g, '');
  return inferenceProfileName(environment, short, hash);
}
