/** What a request's path asks Bedrock's runtime for; `base` is the endpoint's own path, of a proxy. */
export interface HttpRoute {
  readonly base: string;
  readonly operation: string;
  /** Decoded once; undefined where the operation has none. */
  readonly modelId: string | undefined;
}

/** The last part of `/model/{modelId}/…`: the schemas of @aws-sdk/client-bedrock-runtime 3.1164.0. */
const OF_A_MODEL: Readonly<Record<string, string>> = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  'count-tokens': 'CountTokens',
  invoke: 'InvokeModel',
  'invoke-with-bidirectional-stream': 'InvokeModelWithBidirectionalStream',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
};

/**
 * A model or profile by its id, or by its ARN, whose one slash comes before the id. A slash anywhere else, or what is still
 * encoded, would be one model here and another to whoever decodes it again.
 */
const MODEL_ID = /^(arn:[\w:.-]+:(foundation-model|inference-profile|application-inference-profile)\/)?[\w:.-]+$/;

/** Undefined: none of Bedrock's routes. @param path as it is sent, without the query */
export function httpRoute(method: string, path: string): HttpRoute | undefined {
  const segments = path.split('/');
  // Proxies take these out, each in its own way.
  if (segments.some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) return undefined;
  const last = segments.at(-1) ?? '';
  if (method === 'POST' && segments.at(-3) === 'model' && Object.hasOwn(OF_A_MODEL, last)) {
    const modelId = decoded(segments.at(-2) ?? '');
    const operation = OF_A_MODEL[last];
    if (operation === undefined || modelId === undefined || !MODEL_ID.test(modelId)) return undefined;
    return { base: segments.slice(0, -3).join('/'), operation, modelId };
  }
  const asyncInvoke = asyncRoute(method, segments);
  return asyncInvoke && { ...asyncInvoke, modelId: undefined };
}

function asyncRoute(method: string, segments: readonly string[]): Omit<HttpRoute, 'modelId'> | undefined {
  if (segments.at(-1) === 'async-invoke') {
    const operation = method === 'GET' ? 'ListAsyncInvokes' : method === 'POST' ? 'StartAsyncInvoke' : undefined;
    return operation && { base: segments.slice(0, -1).join('/'), operation };
  }
  if (segments.at(-2) !== 'async-invoke' || method !== 'GET') return undefined;
  return { base: segments.slice(0, -2).join('/'), operation: 'GetAsyncInvoke' };
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
