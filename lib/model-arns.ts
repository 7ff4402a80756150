import type { Stack } from 'aws-cdk-lib';
import type { ResolvedModel } from '../config';

export interface ModelArns {
  /** What a caller names: the system-defined inference profile of a cross-Region model, else the model. */
  readonly callable: string;
  /** The system-defined inference profile, where there is one. */
  readonly systemProfile?: string;
  /** The model in every Region where a call may land (trap 4: the profile alone is not enough). */
  readonly models: readonly string[];
}

export function modelArns(stack: Stack, model: ResolvedModel): ModelArns {
  const foundationModel = (region: string) =>
    `arn:${stack.partition}:bedrock:${region}::foundation-model/${model.route.modelId}`;
  if (model.route.via === 'onDemand') {
    return { callable: foundationModel(stack.region), models: [foundationModel(stack.region)] };
  }
  const systemProfile = `arn:${stack.partition}:bedrock:${stack.region}:${stack.account}:inference-profile/${model.route.profileId}`;
  const { destinationRegions } = model.route;
  // No Region at all stands for the global profiles, whose model is named without one (trap 4).
  const destinations = destinationRegions === 'unknown' ? ['*', ''] : destinationRegions;
  return { callable: systemProfile, systemProfile, models: destinations.map(foundationModel) };
}
