import { setTimeout as pause } from 'node:timers/promises';
import { GuardError } from '../../../core/errors';
import type { CloudFormationPort, ResourceRequest, ResourceResponse } from '../../../core/enforcement';

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 200;
/** CloudFormation takes 4,096 bytes in all; the rest of the answer needs a few hundred. */
const REASON_LENGTH = 3_000;

/**
 * Answers a custom resource by a PUT to its presigned URL
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html).
 */
export class CloudFormationResponse implements CloudFormationPort {
  constructor(
    private readonly put: (url: string, body: string) => Promise<number> = putOverHttp,
    private readonly wait: (ms: number) => Promise<unknown> = pause,
  ) {}

  async respond(
    request: ResourceRequest,
    { status, physicalResourceId, reason, data }: ResourceResponse,
  ): Promise<void> {
    const body = JSON.stringify({
      Status: status,
      PhysicalResourceId: physicalResourceId,
      StackId: request.stackId,
      RequestId: request.requestId,
      LogicalResourceId: request.logicalResourceId,
      ...(reason === undefined ? {} : { Reason: reason.slice(0, REASON_LENGTH) }),
      ...(data === undefined ? {} : { Data: data }),
    });
    let last: unknown;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await this.wait(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      try {
        const answer = await this.put(request.responseUrl, body);
        if (answer >= 200 && answer < 300) return;
        last = `status ${answer}`;
      } catch (error) {
        last = error;
      }
    }
    throw new GuardError(
      'RESPONSE_NOT_SENT',
      `CloudFormation did not take the answer in ${ATTEMPTS} attempts: ${String(last)}`,
    );
  }
}

async function putOverHttp(url: string, body: string): Promise<number> {
  // The URL is signed without a content type: an empty one must be sent.
  const { status } = await fetch(url, {
    method: 'PUT',
    body,
    headers: { 'content-type': '' },
    signal: AbortSignal.timeout(10_000),
  });
  return status;
}
