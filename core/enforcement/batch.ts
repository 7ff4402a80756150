import type { BatchJob, BatchJobsPort } from './ports';
import { ServiceError } from '../errors';

export interface BatchScope {
  readonly environment: string;
  readonly identity: 'profile' | 'direct';
  /** Names of the guarded roles: a job that runs as one of them is this environment's, tagged or not. */
  readonly roleNames: readonly string[];
}

export interface BatchOutcome {
  readonly stopped: readonly BatchJob[];
  readonly failed: readonly string[];
}

/** Stops the environment's running batch jobs; each may fail alone. */
export async function stopBatchJobs(
  port: BatchJobsPort,
  regions: readonly string[],
  scope: BatchScope,
): Promise<BatchOutcome> {
  const stopped: BatchJob[] = [];
  const failed: string[] = [];
  const attempt = async (what: string, act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failed.push(`${what} (${error.errorName})`);
    }
  };
  for (const region of regions) {
    await attempt(`the batch jobs in ${region}`, async () => {
      for (const job of await port.running(region)) {
        await attempt(`batch job ${job.name}`, async () => {
          if (!(await isOurs(port, job, scope))) return;
          if ((await port.stop(region, job)) === 'stopping') stopped.push(job);
        });
      }
    });
  }
  return { stopped, failed };
}

/** In an account of its own everything is the environment's; in a shared one its tag or its role says so. */
async function isOurs(port: BatchJobsPort, job: BatchJob, scope: BatchScope): Promise<boolean> {
  if (scope.identity === 'direct') return true;
  if (scope.roleNames.includes(job.roleArn.slice(job.roleArn.lastIndexOf('/') + 1))) return true;
  return (await port.environmentOf(job)) === scope.environment;
}
