import type { BatchJob, BatchJobsPort } from '../../core/enforcement';
import { ServiceError } from '../../core/errors';

interface Submitted {
  readonly job: BatchJob;
  readonly environment?: string;
  isRunning: boolean;
}

/** Batch jobs by ARN. A job that is stopped runs no more; one that has ended can still be asked for its tag. */
export class FakeBatchJobs implements BatchJobsPort {
  private readonly jobs = new Map<string, Submitted>();
  /** Why a job cannot be stopped, by its ARN; '' for every question. */
  readonly failures = new Map<string, ServiceError>();

  submit(job: BatchJob, environment?: string): void {
    this.jobs.set(job.arn, { job, isRunning: true, ...(environment === undefined ? {} : { environment }) });
  }

  /** It has ended by itself. */
  end(arn: string): void {
    const submitted = this.jobs.get(arn);
    if (submitted) submitted.isRunning = false;
  }

  async running(region: string): Promise<readonly BatchJob[]> {
    this.refuse('');
    return [...this.jobs.values()].flatMap(({ job, isRunning }) =>
      isRunning && job.arn.split(':')[3] === region ? [job] : [],
    );
  }

  async environmentOf({ arn }: BatchJob): Promise<string | undefined> {
    this.refuse('');
    const submitted = this.jobs.get(arn);
    if (!submitted) throw new ServiceError('notFound', 'ResourceNotFoundException', `no job ${arn}`, 404);
    return submitted.environment;
  }

  async stop(region: string, { arn }: BatchJob): Promise<'stopping' | 'gone'> {
    this.refuse('');
    this.refuse(arn);
    const submitted = this.jobs.get(arn);
    if (!submitted?.isRunning || arn.split(':')[3] !== region) return 'gone';
    submitted.isRunning = false;
    return 'stopping';
  }

  private refuse(what: string): void {
    const failure = this.failures.get(what);
    if (failure) throw failure;
  }
}
