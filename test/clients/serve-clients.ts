import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { CLAUDE, PROFILE, SMALL } from '../helpers/guarded-client';
import { pythonOf } from '../helpers/python';
import { CONVERSE, LANGUAGE_MODEL, MESSAGES, unusualJson, type Kind } from './serve-requests';

export interface Call {
  readonly kind: Kind;
  readonly stream: boolean;
}

/** Where a client is told that Bedrock is, and what it has for it. */
export interface Way {
  readonly url: string;
  /** @default - it signs, with credentials of nobody */
  readonly key?: string;
  /** The file of a certificate that it must trust. */
  readonly ca?: string;
}

/** `error`: what the user of the client is shown. */
export type Outcome = { readonly answer: unknown } | { readonly error: string };

export interface Client {
  readonly name: string;
  readonly modelId: string;
  readonly protocol: 'h1' | 'h2';
  /** Whether it streams; and whether it comes back by itself after a 429. */
  readonly streams: boolean;
  readonly comesBack: boolean;
  /** botocore sends a key over TLS only. */
  readonly keyNeedsTls?: boolean;
  run(way: Way, calls: readonly Call[]): Promise<readonly Outcome[]>;
}

const REQUIREMENTS = path.join(__dirname, 'serve-requirements.txt');
const CLAUDES = `us.${CLAUDE}`;
const NOBODY = { accessKeyId: 'AKIDNOBODY', secretAccessKey: 'example' };
const inProcess =
  (ask: (way: Way, call: Call) => Promise<unknown>) =>
  async (way: Way, calls: readonly Call[]): Promise<readonly Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const call of calls) {
      try {
        outcomes.push({ answer: JSON.parse(JSON.stringify(await ask(way, call))) });
      } catch (error) {
        outcomes.push({ error: String(error) });
      }
    }
    return outcomes;
  };

/** Nothing of whoever runs the tests, such as a profile of AWS. */
const environmentOf = ({ url, key, ca }: Way) => ({
  PATH: process.env['PATH'],
  HOME: tmpdir(),
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
  ANTHROPIC_BEDROCK_BASE_URL: url,
  ...(key === undefined
    ? { AWS_ACCESS_KEY_ID: NOBODY.accessKeyId, AWS_SECRET_ACCESS_KEY: NOBODY.secretAccessKey }
    : { AWS_BEARER_TOKEN_BEDROCK: key }),
  ...(ca === undefined ? {} : { AWS_CA_BUNDLE: ca, SSL_CERT_FILE: ca, CURL_CA_BUNDLE: ca }),
});

interface Ended {
  readonly status: number | null;
  readonly out: Buffer;
  readonly err: string;
}

function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out: Buffer.concat(out), err: Buffer.concat(err).toString() }));
    child.stdin.end(input);
  });
}

function python(name: string, modelId: string, requests: Readonly<Record<Kind, object>>, keyNeedsTls = false): Client {
  return {
    keyNeedsTls,
    name: `${name} for Python`,
    modelId,
    protocol: 'h1',
    streams: true,
    comesBack: true,
    async run(way, calls) {
      const asked = JSON.stringify(
        calls.map((call) => ({ ...call, modelId, baseModelId: SMALL, request: requests[call.kind] })),
      );
      const script = path.join(__dirname, 'serve.py');
      const { out, err } = await ended(pythonOf(REQUIREMENTS), [script, name], environmentOf(way), asked);
      const lines = out.toString().trim().split('\n');
      if (lines.length !== calls.length) throw new Error(`${name}: ${err}`);
      return lines.map((line) => JSON.parse(line) as Outcome);
    },
  };
}

/** One process for each call. */
function program(
  of: Omit<Client, 'run'>,
  command: (way: Way, call: Call) => readonly [program: string, args: readonly string[], input: string],
): Client {
  return {
    ...of,
    async run(way, calls) {
      const outcomes: Outcome[] = [];
      for (const call of calls) {
        const { status, out, err } = await ended(...withEnvironment(command(way, call), way));
        outcomes.push(status === 0 ? { answer: out.toString('base64') } : { error: `${out.toString()}${err}` });
      }
      return outcomes;
    },
  };
}

function withEnvironment([name, args, input]: ReturnType<Parameters<typeof program>[1]>, way: Way) {
  return [name, args, environmentOf(way), input] as const;
}

function awsSdk(name: string, protocol: 'h1' | 'h2'): Client {
  return {
    name,
    modelId: PROFILE,
    protocol,
    streams: true,
    comesBack: true,
    run: inProcess(async ({ url, key }, { kind, stream }) => {
      const client = new BedrockRuntimeClient({
        region: 'us-east-1',
        endpoint: url,
        ...(key === undefined
          ? { credentials: NOBODY }
          : { token: { token: key }, authSchemePreference: ['httpBearerAuth'] }),
        requestHandler: protocol === 'h2' ? new NodeHttp2Handler() : new NodeHttpHandler(),
      });
      const input = { modelId: PROFILE, ...CONVERSE[kind] };
      try {
        if (!stream) return { ...(await client.send(new ConverseCommand(input as never))), $metadata: undefined };
        const events: unknown[] = [];
        for await (const event of (await client.send(new ConverseStreamCommand(input as never))).stream ?? [])
          events.push(event);
        return events;
      } finally {
        client.destroy();
      }
    }),
  };
}

/** @param betas absent: it signs, and asks for no beta */
function anthropicSdk(name: string, betas?: readonly string[]): Client {
  return {
    name,
    modelId: CLAUDES,
    protocol: 'h1',
    streams: true,
    comesBack: true,
    run: inProcess(async ({ url, key }, { kind, stream }) => {
      const to = { awsRegion: 'us-east-1', baseURL: url };
      const signed = { awsAccessKey: NOBODY.accessKeyId, awsSecretKey: NOBODY.secretAccessKey };
      const unsigned = new AnthropicBedrock({ ...to, apiKey: key ?? null, skipAuth: key === undefined });
      const client = key !== undefined || betas ? unsigned : new AnthropicBedrock({ ...to, ...signed });
      const messages = (betas ? client.beta.messages : client.messages) as typeof client.messages;
      const request = { model: CLAUDES, ...MESSAGES[kind], ...(betas ? { betas } : {}) } as never;
      return stream ? messages.stream(request).finalMessage() : messages.create(request);
    }),
  };
}

export const CLIENTS: readonly Client[] = [
  python('boto3', PROFILE, CONVERSE, true),
  program({ name: 'the AWS CLI', modelId: PROFILE, protocol: 'h1', streams: false, comesBack: true }, (_, { kind }) => {
    const input = JSON.stringify({ modelId: PROFILE, ...CONVERSE[kind] });
    const aws = path.join(path.dirname(pythonOf(REQUIREMENTS)), 'aws');
    return [aws, ['bedrock-runtime', 'converse', '--output', 'json', '--cli-input-json', input], ''];
  }),
  python('anthropic', CLAUDES, MESSAGES),
  python('langchain', PROFILE, CONVERSE, true),
  anthropicSdk('@anthropic-ai/bedrock-sdk'),
  anthropicSdk('@anthropic-ai/bedrock-sdk, unsigned and with betas as Claude Code', [
    'interleaved-thinking-2025-05-14',
  ]),
  {
    name: '@ai-sdk/amazon-bedrock',
    modelId: PROFILE,
    protocol: 'h1',
    streams: true,
    // `generateText` of `ai` does, for the errors that the provider marks.
    comesBack: false,
    run: inProcess(async ({ url, key }, { kind, stream }) => {
      const authentication = key === undefined ? NOBODY : { apiKey: key };
      const model = createAmazonBedrock({ region: 'us-east-1', baseURL: url, ...authentication })(PROFILE);
      const request = LANGUAGE_MODEL[kind] as unknown as Parameters<typeof model.doGenerate>[0];
      if (!stream) {
        const { content, usage, finishReason } = await model.doGenerate(request);
        return { content, usage, finishReason };
      }
      const parts: unknown[] = [];
      for await (const part of (await model.doStream(request)).stream) parts.push(part);
      // It has the time of the answer in it.
      return parts.filter((part) => (part as { readonly type: string }).type !== 'response-metadata');
    }),
  },
  awsSdk('the AWS SDK for JavaScript over HTTP/2', 'h2'),
  awsSdk('the AWS SDK for JavaScript over HTTP/1', 'h1'),
  program(
    { name: 'curl', modelId: PROFILE, protocol: 'h1', streams: true, comesBack: true },
    ({ url, key }, { kind, stream }) => {
      const to = `${url}/model/${encodeURIComponent(PROFILE)}/converse${stream ? '-stream' : ''}`;
      const authorization = key === undefined ? [] : [`authorization: Bearer ${key}`];
      const headers = ['content-type: application/json', ...authorization].flatMap((one) => ['-H', one]);
      const quietly = ['--silent', '--show-error', '--no-buffer', '--fail-with-body', '--retry', '2'];
      return ['curl', [...quietly, ...headers, '--data-binary', '@-', to], unusualJson(CONVERSE[kind])];
    },
  ),
];
