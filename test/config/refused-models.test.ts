import { HOME, type Change, problemsOf } from './loaded-models';

describe('bad input', () => {
  test.each<[string, Change, RegExp]>([
    [
      'a typo names the nearest id',
      { small: [{ id: 'us.anthropic.claude-opus-4-9' }] },
      /got 'us\.anthropic\.claude-opus-4-9'; nearest known: 'us\.anthropic\.claude-opus-4-[678]'/,
    ],
    [
      'a scope that the model does not have',
      { region: 'ap-south-1', small: [{ id: 'apac.anthropic.claude-opus-5' }] },
      /anthropic\.claude-opus-5 is not known with the scope apac, but as: .*global\.anthropic\.claude-opus-5/,
    ],
    [
      'a Region that a profile cannot be called from',
      { region: 'us-east-1', small: [{ id: 'eu.anthropic.claude-opus-5' }] },
      /'eu\.anthropic\.claude-opus-5' cannot be called from us-east-1; write .*'us\.anthropic\.claude-opus-5'/,
    ],
    [
      'a Region that its card does not list',
      { region: 'eu-west-2', small: [{ id: 'eu.amazon.nova-lite-v1:0' }] },
      /cannot be called from eu-west-2, only from eu-central-1/,
    ],
    [
      'global. where prompts may not go everywhere',
      { small: [{ id: 'global.anthropic.claude-opus-5' }], environment: { dataRegions: [HOME] } },
      /may be answered in any Region, and dataRegions allows us-east-1/,
    ],
    [
      'a profile that answers outside',
      { small: [{ id: 'us.amazon.nova-lite-v1:0' }], environment: { dataRegions: [HOME, 'us-east-2'] } },
      /may be answered in us-west-2, and dataRegions allows us-east-1, us-east-2/,
    ],
    [
      'a profile of which nobody knows where',
      { small: [{ id: 'us.anthropic.claude-opus-5' }], environment: { dataRegions: [HOME] } },
      /where 'us\.anthropic\.claude-opus-5' is answered is not known here/,
    ],
    [
      'on demand outside',
      { small: [{ id: 'amazon.nova-lite-v1:0' }], environment: { dataRegions: ['eu-west-1'] } },
      /is answered in us-east-1, and dataRegions allows eu-west-1/,
    ],
    [
      'a dataRegion that is none',
      { small: [{ id: 'amazon.nova-lite-v1:0' }], environment: { dataRegions: [HOME, 'europe'] } },
      /dataRegions\[1\]: must be an AWS Region such as us-east-1, got 'europe'/,
    ],
    [
      'one call under two names',
      { small: [{ id: 'amazon.nova-2-lite-v1:0' }], large: [{ id: 'us.amazon.nova-2-lite-v1:0' }] },
      /large\[0\]\.id: calls 'us\.amazon\.nova-2-lite-v1:0', as 'amazon\.nova-2-lite-v1:0' does already/,
    ],
    [
      'an unknown word for legacy',
      { small: [{ id: 'amazon.nova-lite-v1:0', legacy: 'yes' }] },
      /small\[0\]\.legacy: must be 'include', got 'yes'/,
    ],
  ])('%s', (_, change, expected) => {
    expect(problemsOf(change)).toContainEqual(expect.stringMatching(expected));
  });

  test('within the allowed Regions all is well', () => {
    const environment = { dataRegions: [HOME, 'us-east-2', 'us-west-2'] };
    expect(problemsOf({ small: [{ id: 'us.amazon.nova-lite-v1:0' }], environment })).toEqual([]);
  });
});
