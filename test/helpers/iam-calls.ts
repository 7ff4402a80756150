import { INVOKE_ACTIONS } from '../../core/enforcement/costly-actions';
import type { IamRequest, Principal } from './iam-evaluator';
import { ACCOUNT, REGION } from './iam-stack';

/** A call of a model, as AWS authorizes it: each of these must be allowed. */
export type Call = readonly IamRequest[];

const [INVOKE] = INVOKE_ACTIONS;

/** @param region empty for the model of a global profile */
export const modelArn = (region: string, id: string) => `arn:aws:bedrock:${region}::foundation-model/${id}`;

/** A system-defined profile in the tests' own account. */
export const systemProfile = (profileId: string) =>
  `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/${profileId}`;

/**
 * Through a profile: the profile itself, and the model behind it in the Region where the call lands, with the profile in a key
 * (trap 4). Behind an application profile of a cross-Region one, documents differ on which of the two the key holds.
 */
export function through(profile: string, id: string, region: string, key = profile): Call {
  return [
    { action: INVOKE, resource: profile },
    { action: INVOKE, resource: modelArn(region, id), context: { 'bedrock:InferenceProfileArn': key } },
  ];
}

export const direct = (id: string, region: string): Call => [{ action: INVOKE, resource: modelArn(region, id) }];

/** In both forms of the call, and with more in its context. */
export function ends(principal: Principal, call: Call, more: Readonly<Record<string, string>> = {}): string {
  const kinds = INVOKE_ACTIONS.map((action) => {
    const decided = call.map((one) => principal.decide({ ...one, action, context: { ...one.context, ...more } }));
    return decided.every((kind) => kind === 'allowed')
      ? 'allowed'
      : (decided.find((kind) => kind === 'deniedExplicitly') ?? 'notAllowed');
  });
  expect(new Set(kinds).size).toBe(1);
  return kinds[0]!;
}
