/** Batch inference: it runs under a role of its own, and no deny on a caller ends it (trap 29). */
export interface BatchJobsPort {
  /** Jobs that are submitted, validated, scheduled or in progress, over all pages. @throws ServiceError */
  running(region: string): Promise<readonly BatchJob[]>;
  /** The value of the environment tag; undefined where it carries none. @throws ServiceError */
  environmentOf(job: BatchJob): Promise<string | undefined>;
  /** `gone`: it has ended by itself. @throws ServiceError */
  stop(region: string, job: BatchJob): Promise<'stopping' | 'gone'>;
}

export interface BatchJob {
  readonly arn: string;
  readonly name: string;
  /** As submitted: a model id, or the ARN of a model or profile. */
  readonly modelId: string;
  readonly roleArn: string;
}
