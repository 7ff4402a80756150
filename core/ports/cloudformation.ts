/** What a custom resource's answer must repeat of its request. */
export interface ResourceRequest {
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
}

export interface ResourceResponse {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly physicalResourceId: string;
  /** Shown in the stack's events; needed with FAILED. */
  readonly reason?: string;
  /** What Fn::GetAtt answers. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface CloudFormationPort {
  /** @throws when CloudFormation could not be told: the stack would then wait for the resource's time-out */
  respond(request: ResourceRequest, response: ResourceResponse): Promise<void>;
}
