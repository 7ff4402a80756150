export interface QuotasPort {
  /** Bedrock's applied quotas in this Region, over all pages, by the names that Service Quotas shows. @throws ServiceError */
  applied(signal: AbortSignal): Promise<readonly AppliedQuota[]>;
}

export interface AppliedQuota {
  readonly name: string;
  readonly value: number;
}
