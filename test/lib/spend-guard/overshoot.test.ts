import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { usd } from '../../../lib/usd';
import { guardIn, someApp, someStack } from '../../helpers/app-guard';

const CLAUDE = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

/** The warnings of a guard with such props that are about the overshoot. */
function warnings(props: object): readonly string[] {
  const app = someApp();
  const stack = someStack(app);
  guardIn(stack, props);
  app.synth();
  return Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('before a stop holds'))
    .map(({ entry }) => entry.data as string);
}

test('more than the limit: a warning, until somebody has said why that is acceptable', () => {
  const models = ['amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0'];
  const few = { models, monthlyLimit: usd(5) };
  expect(warnings(few)).toEqual([
    expect.stringMatching(/^\$\d+\.\d\d may be spent .*bedrock-spend-guard:overshoot\]$/),
  ]);
  expect(warnings({ ...few, acceptOvershoot: 'a trial' })).toEqual([]);
  expect(warnings({ models, monthlyLimit: usd(100_000) })).toEqual([]);
});

test('unknown passes no more quietly than too much', () => {
  expect(warnings({ models: [CLAUDE] })).toEqual([
    expect.stringMatching(
      /^what may be spent before a stop holds is unknown, .*bedrock-spend-guard:overshootUnknown\]$/,
    ),
  ]);
  expect(warnings({ models: [CLAUDE], acceptOvershoot: 'a trial' })).toEqual([]);
});
