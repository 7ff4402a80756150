import type { SpendersOfMonth } from '../../../core/spenders';
import type { CostCheckResult } from '../../../lambda/cost-check/handler';
import type { SpendersAnswer } from '../../../lambda/cost-check/read-spenders';
import type { InvocationRecord } from '../../../simulator/fakes/invocation-log';
import { invocationRecords } from '../../fixtures/invocation-records';
import { shippedModel } from '../../helpers/spend-meter-world';
import { NOW, type World } from './harness';

const ACCOUNT = '111122223333';
export const GROUP = '/bedrock/invocations';
export const YESTERDAY = '2026-11-22';
export const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
const set = (name: string, who: string) =>
  `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_${name}_0123456789abcdef/${who}`;
const shared = (who: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/shared/${who}`;
export const profile = (id: string) => `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/${id}`;

/** Dollars per million tokens: input, output, cache read, cache write. */
export const LIST: Readonly<Record<string, readonly [string, string, string, string]>> = {
  'amazon.nova-lite-v1:0': ['0.06', '0.24', '0.015', '0.06'],
  'anthropic.claude-haiku-4-5-20251001-v1:0': ['1.1', '5.5', '0.11', '1.375'],
};
const pico = (prices: readonly string[]) => prices.map((price) => Math.round(Number(price) * 1e6));
export const [LITE = '', HAIKU = ''] = Object.keys(LIST);

const METERED: World['variables'] = {
  METERING: 'account',
  IDENTITY: 'direct',
  MODELS: JSON.stringify([shippedModel(LITE, 'small', { profile: 'lite', price: pico(LIST[LITE]!) })]),
  PROFILE_IDS: '{"lite":"litelitelite"}',
  PRICES: JSON.stringify({ [HAIKU]: { us: pico(LIST[HAIKU]!) } }),
};
export const withLog = (records: readonly InvocationRecord[], over: Partial<World> = {}): World => ({
  now: NOW,
  logs: { [GROUP]: records },
  ...over,
  variables: { ...METERED, SPENDERS_LOG_GROUP: GROUP, ...over.variables },
});

export const day = (of: string, over: Partial<Parameters<typeof invocationRecords>[0]> = {}) =>
  invocationRecords({
    ...{ day: of, account: ACCOUNT, calls: 500, seed: Number(of.slice(-2)) },
    arns: [user('alice'), set('Admin', 'bob'), set('Dev', 'bob'), set('Dev', 'Bob'), shared('alice'), shared('ci')],
    modelIds: [
      profile('litelitelite'),
      LITE,
      `us.${HAIKU}`,
      `arn:aws:bedrock:us-east-1:${ACCOUNT}:inference-profile/us.${HAIKU}`,
    ],
    ...over,
  });

export function answerOf(result: CostCheckResult): SpendersAnswer {
  if (result.kind !== 'spenders') throw new Error(result.kind);
  return result;
}

export function callersOf({ callers }: SpendersOfMonth) {
  if (callers?.kind !== 'known') throw new Error(JSON.stringify(callers));
  return callers.value;
}
