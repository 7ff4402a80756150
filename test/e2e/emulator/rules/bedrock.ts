import {
  BedrockClient,
  CreateInferenceProfileCommand,
  CreateModelInvocationJobCommand,
  GetInferenceProfileCommand,
  ListModelInvocationJobsCommand,
  ListTagsForResourceCommand,
  StopModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { ADMINISTRATOR, REGION, type Credentials, type Emulator } from '../../../../local/emulator';
import { outcome, session, unique, type Rule } from '../support';

const MODEL = 'amazon.nova-lite-v1:0';
const MODEL_ARN = `arn:aws:bedrock:us-east-1::foundation-model/${MODEL}`;
const INVOKE = 'bedrock:InvokeModel';

async function profile(emulator: Emulator): Promise<string> {
  const made = await emulator.client(BedrockClient).send(
    new CreateInferenceProfileCommand({
      inferenceProfileName: unique('profile'),
      modelSource: { copyFrom: MODEL_ARN },
    }),
  );
  return made.inferenceProfileArn!;
}

function converse(emulator: Emulator, modelId: string, as?: Credentials, tier?: 'priority'): Promise<string> {
  // By HTTP/1: ministack alone refuses the signature of HTTP/2, which would hide what else it gets wrong.
  const { requestHandler } = emulator.client(BedrockClient).config;
  const client = new BedrockRuntimeClient({
    endpoint: emulator.endpoint,
    region: REGION,
    credentials: as ?? ADMINISTRATOR,
    requestHandler,
  });
  return outcome(() =>
    client.send(
      new ConverseCommand({
        modelId,
        messages: [{ role: 'user', content: [{ text: 'Hello?' }] }],
        ...(tier ? { serviceTier: { type: tier } } : {}),
      }),
    ),
  );
}

async function metric(emulator: Emulator, name: string, modelId: string): Promise<number> {
  const now = Date.now();
  const { MetricDataResults } = await emulator.client(CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 3_600_000),
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: {
            Metric: { Namespace: 'AWS/Bedrock', MetricName: name, Dimensions: [{ Name: 'ModelId', Value: modelId }] },
            Period: 3600,
            Stat: 'Sum',
          },
        },
      ],
    }),
  );
  return (MetricDataResults?.[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1);

export const bedrockRules: readonly Rule[] = [
  {
    name: "a role's call by HTTP/2, which the SDK for JavaScript takes for this service, is answered",
    aws: 'ok',
    async observe(emulator) {
      const runtime = emulator.client(BedrockRuntimeClient, await session(emulator, { Action: INVOKE }));
      return outcome(() =>
        runtime.send(
          new ConverseCommand({ modelId: MODEL, messages: [{ role: 'user', content: [{ text: 'Hello?' }] }] }),
        ),
      );
    },
  },
  {
    name: 'trap 6: Converse is authorised by InvokeModel, so that a deny of that covers it',
    aws: { allowed: 'ok', denied: 'AccessDeniedException', byItsOwnName: 'AccessDeniedException' },
    async observe(emulator) {
      const denied = await session(emulator, { Action: 'bedrock:*' }, { Effect: 'Deny', Action: INVOKE });
      return {
        allowed: await converse(emulator, MODEL, await session(emulator, { Action: INVOKE, Resource: MODEL_ARN })),
        denied: await converse(emulator, MODEL, denied),
        byItsOwnName: await converse(emulator, MODEL, await session(emulator, { Action: 'bedrock:Converse' })),
      };
    },
  },
  {
    name: 'a profile is called with permission for it and for the model behind, under bedrock:InferenceProfileArn',
    aws: {
      profileAlone: 'AccessDeniedException',
      modelAlone: 'AccessDeniedException',
      both: 'ok',
      throughAnother: 'AccessDeniedException',
      withoutTheProfile: 'AccessDeniedException',
    },
    async observe(emulator) {
      const [own, other] = [await profile(emulator), await profile(emulator)];
      const onProfile = { Action: INVOKE, Resource: own };
      const through = (arn: string) => ({
        Action: INVOKE,
        Resource: MODEL_ARN,
        Condition: { StringEquals: { 'bedrock:InferenceProfileArn': arn } },
      });
      const both = await session(emulator, onProfile, through(own));
      return {
        profileAlone: await converse(emulator, own, await session(emulator, onProfile)),
        modelAlone: await converse(emulator, own, await session(emulator, { Action: INVOKE, Resource: MODEL_ARN })),
        both: await converse(emulator, own, both),
        throughAnother: await converse(emulator, own, await session(emulator, onProfile, through(other))),
        withoutTheProfile: await converse(emulator, MODEL, both),
      };
    },
  },
  {
    name: 'a profile that does not exist is not found',
    aws: 'ResourceNotFoundException',
    async observe(emulator) {
      const known = await profile(emulator);
      return converse(emulator, known.replace(lastPart(known), 'nosuchprofile'));
    },
  },
  {
    name: 'trap 31: bedrock:ServiceTier is there when the caller names a tier, and only then',
    aws: { priority: 'AccessDeniedException', none: 'ok' },
    async observe(emulator) {
      const as = await session(
        emulator,
        { Action: INVOKE },
        { Effect: 'Deny', Action: INVOKE, Condition: { StringEquals: { 'bedrock:ServiceTier': ['priority'] } } },
      );
      return { priority: await converse(emulator, MODEL, as, 'priority'), none: await converse(emulator, MODEL, as) };
    },
  },
  {
    name: 'calls through a profile show in AWS/Bedrock under its opaque id, also those of InvokeModel',
    aws: { invocations: 2, inputTokens: true, outputTokens: true },
    async observe(emulator) {
      const arn = await profile(emulator);
      await converse(emulator, arn);
      await emulator.client(BedrockRuntimeClient).send(
        new InvokeModelCommand({
          modelId: arn,
          body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello? '.repeat(100) }] }] }),
        }),
      );
      return {
        invocations: await metric(emulator, 'Invocations', lastPart(arn)),
        // Those of InvokeModel: the prompt of Converse has two.
        inputTokens: (await metric(emulator, 'InputTokenCount', lastPart(arn))) > 50,
        outputTokens: (await metric(emulator, 'OutputTokenCount', lastPart(arn))) > 1,
      };
    },
  },
  {
    name: 'metrics come with a delay',
    aws: { atOnce: 0, later: 1 },
    async observe(emulator) {
      const arn = await profile(emulator);
      await emulator.control.setMetrics({ delaySeconds: 1 });
      await converse(emulator, arn);
      const atOnce = await metric(emulator, 'Invocations', lastPart(arn));
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await emulator.control.setMetrics({ delaySeconds: 0 });
      return { atOnce, later: await metric(emulator, 'Invocations', lastPart(arn)) };
    },
  },
  {
    name: 'tags are authorised on what carries them',
    aws: { own: 'ok', other: 'AccessDeniedException' },
    async observe(emulator) {
      const [own, other] = [await profile(emulator), await profile(emulator)];
      const as = await session(emulator, { Action: 'bedrock:ListTagsForResource', Resource: own });
      const tags = (resourceARN: string) =>
        outcome(() => emulator.client(BedrockClient, as).send(new ListTagsForResourceCommand({ resourceARN })));
      return { own: await tags(own), other: await tags(other) };
    },
  },
  {
    name: 'GetInferenceProfile takes an ARN as well as an id',
    aws: { byId: 'ok', byArn: 'ok' },
    async observe(emulator) {
      const arn = await profile(emulator);
      const get = (id: string) =>
        outcome(() =>
          emulator.client(BedrockClient).send(new GetInferenceProfileCommand({ inferenceProfileIdentifier: id })),
        );
      return { byId: await get(lastPart(arn)), byArn: await get(arn) };
    },
  },
  {
    name: 'a batch job is stopped by who may stop it, and no longer listed as running then',
    aws: { other: 'AccessDeniedException', own: 'ok', running: [false, true] },
    async observe(emulator) {
      const [own, other] = [await batchJob(emulator), await batchJob(emulator)];
      const as = await session(emulator, { Action: 'bedrock:StopModelInvocationJob', Resource: own });
      const stop = (jobIdentifier: string) =>
        outcome(() => emulator.client(BedrockClient, as).send(new StopModelInvocationJobCommand({ jobIdentifier })));
      const refused = await stop(other);
      const stopped = await stop(own);
      const { invocationJobSummaries = [] } = await emulator
        .client(BedrockClient)
        .send(new ListModelInvocationJobsCommand({ statusEquals: 'InProgress', maxResults: 1000 }));
      const arns = invocationJobSummaries.map(({ jobArn }) => jobArn);
      return { other: refused, own: stopped, running: [own, other].map((arn) => arns.includes(arn)) };
    },
  },
];

async function batchJob(emulator: Emulator): Promise<string> {
  const { jobArn } = await emulator.client(BedrockClient).send(
    new CreateModelInvocationJobCommand({
      jobName: unique('job'),
      modelId: MODEL,
      roleArn: 'arn:aws:iam::123456789012:role/batch',
      inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batch/in' } },
      outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batch/out' } },
    }),
  );
  return jobArn!;
}
