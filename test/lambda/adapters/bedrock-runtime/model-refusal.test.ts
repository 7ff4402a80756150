import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { mockClient } from 'aws-sdk-client-mock';
import { bedrockRuntime } from '../../../../lambda/adapters/bedrock-runtime/model-call';
import { refusalReason } from '../../../../core/model-refusal';
import { NEVER } from '../../../../simulator/fakes/never';

const LEGACY =
  'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock';
const client = mockClient(BedrockRuntimeClient);

test.each([
  ['ResourceNotFoundException', 404, 'notFound'],
  ['ValidationException', 400, 'invalid'],
  ['AccessDeniedException', 403, 'accessDenied'],
])('trap 50: a Legacy model refused as %s keeps that name, and says why', async (name, httpStatusCode, refusal) => {
  client.on(ConverseCommand).rejects(Object.assign(new Error(LEGACY), { name, $metadata: { httpStatusCode } }));
  await expect(bedrockRuntime().callOnce('m', NEVER)).rejects.toMatchObject({
    ...{ name: 'ServiceError', errorName: name, refusal, httpStatus: httpStatusCode },
    reason: { kind: 'legacy' },
  });
});

const user = 'User: arn:aws:sts::111122223333:assumed-role/x/y is not authorized to perform:';
test.each([
  [LEGACY, { kind: 'legacy' }],
  [LEGACY.replace('30', '15'), { kind: 'legacy' }],
  ['This model version has reached the end of its life.', { kind: 'endOfLife' }],
  [
    'Invocation of model ID anthropic.claude-opus-4-1-20250805-v1:0 with on-demand throughput isn\u2019t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
    { kind: 'needsProfile' },
  ],
  ["Invocation of model ID x with on-demand throughput isn't supported.", { kind: 'needsProfile' }],
  [
    'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model.',
    { kind: 'noUseCase' },
  ],
  ['You have not filled out the required use-case form for this model.', { kind: 'noUseCase' }],
  [
    `${user} bedrock:InvokeModel on resource: arn with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p`,
    { kind: 'explicitDeny', by: 'service control policy' },
  ],
  [
    `${user} bedrock:InvokeModel on resource: arn with an explicit deny in an identity-based policy`,
    { kind: 'explicitDeny', by: 'identity-based policy' },
  ],
  [
    `${user} bedrock:InvokeModel on resource: arn because no permissions boundary allows the bedrock:InvokeModel action`,
    { kind: 'notAllowed', by: 'permissions boundary' },
  ],
  [
    `Model access is denied due to ${user} aws-marketplace:ViewSubscriptions on resource: * because no identity-based policy allows the aws-marketplace:ViewSubscriptions action.`,
    { kind: 'noSubscription' },
  ],
  [
    `${user} aws-marketplace:Subscribe on resource: * with an explicit deny in a service control policy`,
    { kind: 'noSubscription', by: 'service control policy' },
  ],
  ['Model access is denied due to INVALID_PAYMENT_INSTRUMENT: AWS Marketplace', { kind: 'noPaymentMethod' }],
  ["You don't have access to the model with the specified model ID.", { kind: 'noAccess' }],
  ['Malformed input request', undefined],
  ['', undefined],
])('%s', (text, reason) => {
  expect(refusalReason(text)).toEqual(reason);
});
