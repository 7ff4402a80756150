import { Annotations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../../cdk.json';
import { guardIn, someApp, someStack } from '../../helpers/app-guard';
import { meaningOf } from '../../helpers/template-meaning';
import { MAX_INLINE_CHARACTERS, MAX_POLICY_CHARACTERS, policyCharacters } from '../../../lib/policy-size';
import { usd } from '../../../lib/usd';

const MODELS = {
  models: ['amazon.nova-lite-v1:0', 'us.meta.llama3-3-70b-instruct-v1:0'],
  largeModels: ['anthropic.claude-sonnet-4-5-20250929-v1:0'],
};

function templateWith(context: object, props: object) {
  const stack = someStack(someApp(context as Record<string, unknown>));
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  const guard = guardIn(stack, { ...MODELS, ...props });
  guard.hold(role);
  Annotations.of(guard).acknowledgeWarning('bedrock-spend-guard:heldUnmetered');
  guard.grantInvoke(role);
  return Template.fromStack(stack);
}

const ours: Readonly<Record<string, unknown>> = cdkJson.context;
/** What takes a value of its own has none. */
const inverted = Object.fromEntries(
  Object.entries(ours).flatMap(([flag, value]) => (typeof value === 'boolean' ? [[flag, !value]] : [])),
);

describe.each([
  ['all of the account', {}],
  [
    'its own profiles, and all that there is',
    { meterWholeAccount: false, accountWideLimit: usd(100), dashboard: true, production: true },
  ],
])('a guard that counts %s', (_what, props) => {
  const told = meaningOf(templateWith(ours, props));

  test.each([
    ['none of them', {}],
    ['each flag of ours the other way', inverted],
  ])("is the same in an app whose feature flags are not this repository's: %s", (_flags, context) => {
    const found = meaningOf(templateWith(context, props));
    expect(found.allowed).toEqual(told.allowed);
    expect(found.others).toEqual(told.others);
  });

  test('no policy is too long where statements are not made smaller', () => {
    const template = templateWith({}, props).toJSON() as {
      Resources: Record<string, { Type: string; Properties: { PolicyDocument: object } }>;
    };
    const sizes = (type: string) =>
      Object.values(template.Resources)
        .filter(({ Type }) => Type === type)
        .map(({ Properties }) => policyCharacters(Properties.PolicyDocument));
    expect(sizes('AWS::IAM::ManagedPolicy').length).toBeGreaterThan(2);
    expect(Math.max(...sizes('AWS::IAM::ManagedPolicy'))).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
    // No role has more than one, but for the invoker's.
    expect(Math.max(...sizes('AWS::IAM::Policy'))).toBeLessThanOrEqual(MAX_INLINE_CHARACTERS);
  });
});
