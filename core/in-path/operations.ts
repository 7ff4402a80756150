/** The four that cost by the token, return their usage and can be bounded before. */
export type MeteredOperation = 'Converse' | 'ConverseStream' | 'InvokeModel' | 'InvokeModelWithResponseStream';

const METERED: readonly string[] = ['Converse', 'ConverseStream', 'InvokeModel', 'InvokeModelWithResponseStream'];

/** https://docs.aws.amazon.com/bedrock/latest/userguide/count-tokens.html (2026-11): "no charge"; the others only read. */
const FREE: readonly string[] = ['CountTokens', 'GetAsyncInvoke', 'ListAsyncInvokes'];

/** What is new to this release counts as costly: unknown is never free. */
export function kindOf(operation: string): 'metered' | 'free' | 'unmetered' {
  if (METERED.includes(operation)) return 'metered';
  return FREE.includes(operation) ? 'free' : 'unmetered';
}

export function isConverse(operation: MeteredOperation): operation is 'Converse' | 'ConverseStream' {
  return operation === 'Converse' || operation === 'ConverseStream';
}

export function isStream(operation: MeteredOperation): operation is 'ConverseStream' | 'InvokeModelWithResponseStream' {
  return operation === 'ConverseStream' || operation === 'InvokeModelWithResponseStream';
}
