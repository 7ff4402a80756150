import { GuardError } from '../core/errors';
import type { ResourceRequest } from '../core/enforcement';

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

export interface CustomResourceRequest extends ResourceRequest {
  /** Create, Update or Delete. */
  readonly requestType: string;
}

/** @throws GuardError EVENT_INVALID on an event that cannot be answered, as it names no response URL */
export function parseRequest(event: unknown): CustomResourceRequest {
  const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId } = (event ?? {}) as Record<string, unknown>;
  if (typeof ResponseURL !== 'string' || !isSafeToAnswer(ResponseURL)) {
    throw new GuardError(
      'EVENT_INVALID',
      'ResponseURL must be a URL, https but on a loopback host: this function is a CloudFormation custom resource',
    );
  }
  return {
    requestType: String(RequestType),
    responseUrl: ResponseURL,
    stackId: String(StackId),
    requestId: String(RequestId),
    logicalResourceId: String(LogicalResourceId),
  };
}

/** AWS signs an https URL; an emulator on this machine has none. */
function isSafeToAnswer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
}
