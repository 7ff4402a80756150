import { readFileSync } from 'node:fs';
import type { ServeOptions as ServerOptions, Serving } from '../../server';
import { clientConfigSource, type Source, type SourceOptions } from '../client-config-source';
import { CommandError, UsageError } from '../errors';
import { EXIT_CODES } from '../exit-codes';
import type { CommandResult, Line } from '../result';
import type { World } from '../world';

export interface ServeOptions extends SourceOptions {
  readonly port: string;
  readonly host: string;
  readonly requireKey?: true | undefined;
  readonly behindTls?: true | undefined;
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
  readonly upstream?: string | undefined;
}

type Listening = Omit<ServerOptions, 'config' | 'onEvent'>;

/** Runs the server until somebody stops it. */
export async function serve(options: ServeOptions, world: World): Promise<CommandResult> {
  const listening = listeningOf(options);
  const source = await clientConfigSource(options, world);
  const serving = await started({ ...listening, config: source }, options, world);
  const asked = world.stopAsked();
  world.say(greeting(serving.url, source, listening));
  await asked;
  world.warn('stopping: what is in flight ends, or is charged; again to end at once');
  await serving.stop();
  const data = { environment: source.environment, url: serving.url };
  return { exitCode: EXIT_CODES.ok, data, lines: [`stopped serving ${source.environment}`] };
}

/** @throws UsageError */
function listeningOf({ port, host, requireKey, behindTls, tlsCert, tlsKey, upstream }: ServeOptions): Listening {
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535)
    throw new UsageError(`--port ${port}: must be a number from 0 to 65535, such as 8787`);
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key: give both, or none');
  return {
    host,
    port: number,
    requireKey: requireKey === true,
    behindTls: behindTls === true,
    ...(tlsCert === undefined || tlsKey === undefined
      ? {}
      : { tls: { cert: read(tlsCert, '--tls-cert'), key: read(tlsKey, '--tls-key') } }),
    ...(upstream === undefined ? {} : { upstream: { endpoint: urlOf(upstream) } }),
  };
}

async function started(options: Omit<ServerOptions, 'onEvent'>, asked: ServeOptions, world: World): Promise<Serving> {
  const { startServer } = require('../../server') as typeof import('../../server');
  try {
    return await startServer({
      ...options,
      onEvent: ({ name, attributes }) => {
        if (name === 'warning' || name === 'near') world.warn(`${name}: ${said(attributes)}`);
      },
    });
  } catch (error) {
    throw explained(error, asked) ?? error;
  }
}

function said(attributes: Readonly<Record<string, string | number | boolean>>): string {
  const { 'spend_guard.message': message } = attributes;
  if (message !== undefined) return String(message);
  return Object.entries(attributes)
    .map(([name, value]) => `${name.replace('spend_guard.', '')} ${value}`)
    .join(', ');
}

/** What somebody can mend, with how; undefined: a defect. */
function explained(error: unknown, { host, port, tlsCert }: ServeOptions): Error | undefined {
  const {
    code = '',
    name,
    message,
  } = error as { readonly code?: string; readonly name: string; readonly message: string };
  const not = (text: string) => new CommandError('NOT_LISTENING', text);
  if (code === 'EADDRINUSE')
    return not(`--port ${port}: another process listens there; stop it, or name another port (0: any that is free)`);
  if (code === 'EACCES') return not(`--port ${port}: this user may not listen there; name one above 1023`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return not(`--host ${host}: is no address of this machine; leave it out for 127.0.0.1`);
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_SSL') || code === 'ERR_INVALID_ARG_VALUE')
    return new UsageError(
      `--tls-cert ${tlsCert}, --tls-key: are no certificate and key in PEM that belong together (${code})`,
    );
  if (name === 'CredentialsProviderError')
    return new CommandError(
      'NO_CREDENTIALS',
      `there are no AWS credentials to sign requests with (${message}): sign in, name the profile in AWS_PROFILE, or run it with a role`,
    );
  return error instanceof TypeError ? new UsageError(message) : undefined;
}

function greeting(url: string, { environment, from }: Source, { requireKey, host, tls }: Listening): readonly Line[] {
  const key = `a key of \`spend-guard callers add --env ${environment}\``;
  const boto3 = tls ? '' : ' boto3 sends it over TLS only: --tls-cert, --tls-key.';
  return [
    { text: `serving ${environment} on ${url}, by ${from}; end it with Ctrl-C`, tone: 'good' },
    'Set for',
    `  boto3, AWS CLI and SDKs  AWS_ENDPOINT_URL_BEDROCK_RUNTIME=${url}`,
    `  Claude Code              CLAUDE_CODE_USE_BEDROCK=1 ANTHROPIC_BEDROCK_BASE_URL=${url}${requireKey ? '' : ' CLAUDE_CODE_SKIP_BEDROCK_AUTH=1'}`,
    `  Anthropic's SDKs         ANTHROPIC_BEDROCK_BASE_URL=${url}`,
    `  Vercel's AI SDK          createAmazonBedrock({ baseURL: '${url}' })`,
    `  LangChain in Python      ChatBedrockConverse(endpoint_url='${url}')`,
    requireKey
      ? `Callers need AWS_BEARER_TOKEN_BEDROCK=${key}.${boto3}`
      : `Without a key calls are charged to the environment's own budget; AWS_BEARER_TOKEN_BEDROCK=${key} names another.${boto3}`,
    `Left of it: ${url}/budget; also /metrics and /healthz${host === '127.0.0.1' ? '' : ', for callers with a key'}`,
  ];
}

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['http:', 'https:'].includes(url.protocol) && url.search === '' && url.username === '') return text;
  throw new UsageError(
    `--upstream ${text}: must be an address such as https://bedrock-runtime.us-east-1.amazonaws.com`,
  );
}

function read(file: string, option: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code = 'error' } = error as { readonly code?: string };
    throw new UsageError(`${option} ${file}: cannot be read (${code}); name a file in PEM`);
  }
}
