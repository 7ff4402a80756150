import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ServeOptions } from './options';

/** A request for Bedrock that nobody has signed. */
export interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[] | null>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Upstream {
  /** `hostname`: where the guard is told that requests go. */
  readonly hostname: string;
  handle(request: Unsigned, options?: { readonly abortSignal?: AbortSignal }): Promise<{ response: HttpResponse }>;
  /** @throws where there are no credentials */
  credentials(): Promise<unknown>;
  destroy(): void;
}

/** Bedrock, by requests that are signed as they leave. */
export function upstreamOf(
  region: string,
  { upstream: { endpoint } = {}, credentials }: Pick<ServeOptions, 'upstream' | 'credentials'>,
  connections: number,
): Upstream {
  const sdk = new BedrockRuntimeClient({ region, ...(credentials === undefined ? {} : { credentials }) });
  const url = endpoint === undefined ? endpointOf(sdk, region) : new URL(endpoint);
  const agent = { keepAlive: true, maxSockets: connections };
  const inner = new NodeHttpHandler({
    connectionTimeout: 5_000,
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
  });
  const signer = new SignatureV4({
    service: 'bedrock',
    region,
    credentials: sdk.config.credentials,
    sha256: Hash.bind(null, 'sha256'),
  });
  const base = url.pathname.replace(/\/+$/, '');
  return {
    hostname: url.hostname,
    async handle({ method, path, query, headers, body }, options) {
      const request = new HttpRequest({
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        method,
        path: `${base}${path}`,
        query: { ...query },
        headers: { ...headers, host: url.host, 'content-length': String(body.length) },
        body,
      });
      return inner.handle((await signer.sign(request)) as HttpRequest, options);
    },
    credentials: () => sdk.config.credentials(),
    destroy() {
      inner.destroy();
      sdk.destroy();
    },
  };
}

/** By the SDK's own rules, and not by AWS_ENDPOINT_URL_BEDROCK_RUNTIME, which where callers live is this server. */
function endpointOf(sdk: BedrockRuntimeClient, region: string): URL {
  return sdk.config.endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false }).url;
}
