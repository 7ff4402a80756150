import { INVOKE_ACTIONS, openDocument, switchDocument, type Digest, type PolicyDocument } from '../enforcement';

/** A model as a step calls it. */
export interface StepModel {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Base id. */
  readonly modelId: string;
  /** The system-defined profile that it is called through; absent: on demand. */
  readonly systemProfileId?: string;
}

/** What a profile of it is copied from. */
export function sourceArn({ partition, account, region, modelId, systemProfileId }: StepModel): string {
  return systemProfileId === undefined
    ? `arn:${partition}:bedrock:${region}::foundation-model/${modelId}`
    : `arn:${partition}:bedrock:${region}:${account}:inference-profile/${systemProfileId}`;
}

/** Calls through the profile, and nothing else. A cross-Region one lands where its own profile says (trap 4). */
export function callerDocument(model: StepModel, profileArn: string): PolicyDocument {
  const { partition, modelId } = model;
  const through = model.systemProfileId === undefined ? [profileArn] : [profileArn, sourceArn(model)];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Profile', Effect: 'Allow', Action: [...INVOKE_ACTIONS], Resource: through },
      {
        Sid: 'ModelBehindIt',
        Effect: 'Allow',
        Action: [...INVOKE_ACTIONS],
        Resource: `arn:${partition}:bedrock:*::foundation-model/${modelId}`,
        Condition: { StringEquals: { 'bedrock:InferenceProfileArn': through } },
      },
    ],
  };
}

/** The very versions that the switch has, so that what is measured is what stops. */
export function denyVersions(
  { partition, account }: StepModel,
  digest: Digest,
): { readonly open: PolicyDocument; readonly stopped: PolicyDocument } {
  return {
    open: openDocument(digest),
    stopped: switchDocument('stopped', { partition, account, smallModels: [] }, digest),
  };
}
