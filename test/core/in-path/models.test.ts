import { describe, expect, test } from '@jest/globals';
import type { CompleteClientModel } from '../../../core/in-path/config';
import { modelNames } from '../../../core/in-path/models';
import type { PicoUsd } from '../../../core/prices';

const price = { input: 1 as PicoUsd, output: 1 as PicoUsd, cacheRead: 1 as PicoUsd, cacheWrite: 1 as PicoUsd };
const model = (id: string, calledId: string, more: Partial<CompleteClientModel> = {}): CompleteClientModel => ({
  id,
  name: id,
  tier: 'small',
  calledId,
  price,
  priceSource: 'test',
  ...more,
});
const AT = 'arn:aws:bedrock:eu-west-1:123456789012:';

const both = modelNames({
  environment: 'dev',
  region: 'eu-west-1',
  models: [
    model('global.a.claude', 'global.a.claude', { baseId: 'a.claude' }),
    model('us.a.claude', 'us.a.claude', { baseId: 'a.claude', profile: `${AT}application-inference-profile/own1` }),
    model('b.nova', 'eu.b.nova'),
    model('global.c.one', 'global.c.one', { baseId: 'c.one' }),
  ],
});
const found = (name: string) => {
  const at = both.find(name);
  return typeof at === 'string' ? undefined : at.id;
};

describe('names of models', () => {
  test.each([
    ['global.a.claude', 'global.a.claude'],
    ['us.a.claude', 'us.a.claude'],
    ['own1', 'us.a.claude'],
    ['b.nova', 'b.nova'],
    ['eu.b.nova', 'b.nova'],
    ['c.one', 'global.c.one'],
    [`${AT}application-inference-profile/own1`, 'us.a.claude'],
    [`${AT}inference-profile/global.a.claude`, 'global.a.claude'],
    [`${AT}inference-profile/eu.b.nova`, 'b.nova'],
    ['arn:aws:bedrock:eu-west-1::foundation-model/b.nova', 'b.nova'],
    ['arn:aws:bedrock:eu-west-1::foundation-model/c.one', 'global.c.one'],
  ])('%s is %s', (name, id) => {
    expect(found(name)).toBe(id);
  });

  test.each([
    ['a.claude', "may be 'global.a.claude' or 'us.a.claude'"],
    ['arn:aws:bedrock:eu-west-1::foundation-model/a.claude', "may be 'global.a.claude' or 'us.a.claude'"],
    ['eu.a.claude', 'none of the models of dev'],
    ['us.b.nova', 'none of the models of dev'],
    ['', 'none of the models of dev'],
    ['constructor', 'none of the models of dev'],
    ['x/b.nova', 'none of the models of dev'],
    [`${AT}inference-profile/b.nova`, 'none of the models of dev'],
    [`${AT}inference-profile/own1`, 'none of the models of dev'],
    [`${AT}application-inference-profile/b.nova`, 'none of the models of dev'],
    [`${AT}application-inference-profile/other`, 'none of the models of dev'],
    [`${AT}of-tomorrow/b.nova`, 'none of the models of dev'],
    ['arn:aws:bedrock', 'none of the models of dev'],
    ['arn:aws:bedrock:us-east-1::foundation-model/b.nova', 'Region us-east-1, not of eu-west-1'],
    ['arn:aws:bedrock:eu-west-1:210987654321:inference-profile/eu.b.nova', 'another account'],
    ['arn:aws:bedrock:eu-west-1:210987654321:application-inference-profile/own1', 'another account'],
    [`${AT}prompt/ABCDEFGHIJ:1`, 'stored prompt'],
    [`${AT}prompt-router/abc`, 'prompt router'],
    [`${AT}default-prompt-router/anthropic.claude:1`, 'prompt router'],
    [`${AT}provisioned-model/abc`, 'provisioned throughput'],
    [`${AT}custom-model/b.nova/abc`, 'custom model'],
    [`${AT}custom-model-deployment/abc`, 'custom model'],
    [`${AT}imported-model/abc`, 'imported model'],
    ['arn:aws:sagemaker:eu-west-1:123456789012:endpoint/abc', 'endpoint'],
  ])("'%s' is refused: %s", (name, why) => {
    expect(both.find(name)).toEqual(expect.stringContaining(why));
  });
});
