import type { ResolvedModel } from '../../config';
import type { GuardStack, ProfileSpec } from '../template/guard-stack';

/** The environment's own profile of a model; undefined where it calls the model directly. */
export function profileOf(stack: GuardStack, model: ResolvedModel): ProfileSpec | undefined {
  const source = callable(stack, model);
  return stack.profiles.find((profile) => profile.source === source);
}

/** The ARNs that a call of a model is authorised on: what it names, and the model wherever it may land (trap 4). */
export function namedByCall(stack: GuardStack, model: ResolvedModel): readonly string[] {
  const { route } = model;
  const regions = landingRegions(route, stack.identity.region);
  const named = profileOf(stack, model)?.arn ?? callable(stack, model);
  return [...new Set([named, ...regions.map((region) => foundationModel(region, route.modelId))])];
}

function callable({ identity: { region, account } }: GuardStack, { route }: ResolvedModel): string {
  return route.via === 'crossRegion'
    ? `arn:aws:bedrock:${region}:${account}:inference-profile/${route.profileId}`
    : foundationModel(region, route.modelId);
}

const foundationModel = (region: string, modelId: string) => `arn:aws:bedrock:${region}::foundation-model/${modelId}`;

/** One Region stands for all where a call may land in any. */
function landingRegions(route: ResolvedModel['route'], own: string): readonly string[] {
  return route.via === 'crossRegion' && route.destinationRegions !== 'unknown' ? route.destinationRegions : [own];
}
