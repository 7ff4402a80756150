import {
  BedrockClient,
  ConflictException,
  ListModelInvocationJobsCommand,
  ResourceNotFoundException,
  StopModelInvocationJobCommand,
  type ModelInvocationJobStatus,
} from '@aws-sdk/client-bedrock';
import type { BatchJob, BatchJobsPort } from '../../../core/enforcement';
import { ServiceError } from '../../../core/errors';
import { environmentTag } from './application-profiles';
import { timeout } from '../pace';
import { allPagesOrRefusal, perRegion, regionOf } from '../regional';
import { calling, serviceError } from '../service-error';

/** Over all statuses and pages. */
const LIST_MS = 6_000;
const STOP_MS = 5_000;
const PAGE = 1000;
/** In the order in which a job goes through them, so that one that moves on while it is looked for is found later. */
const RUNNING: readonly ModelInvocationJobStatus[] = ['Submitted', 'Validating', 'Scheduled', 'InProgress'];

/** @param clientFor called once a Region */
export function batchJobs(
  clientFor: (region: string) => BedrockClient = (region) => new BedrockClient({ region, maxAttempts: 2 }),
): BatchJobsPort {
  const clientOf = perRegion(clientFor);
  return {
    async running(region) {
      const abortSignal = timeout(LIST_MS);
      const jobs = new Map<string, BatchJob>();
      for (const statusEquals of RUNNING) {
        const summaries = await allPagesOrRefusal(async (token) => {
          const command = new ListModelInvocationJobsCommand({ statusEquals, maxResults: PAGE, nextToken: token });
          const page = await calling(() => clientOf(region).send(command, { abortSignal }));
          return { items: page.invocationJobSummaries ?? [], next: page.nextToken };
        });
        for (const { jobArn, jobName, modelId, roleArn } of summaries) {
          if (!jobArn || !jobName || !modelId || !roleArn) {
            throw new ServiceError('other', 'JobIncomplete', `a job without ARN, name, model or role: '${jobArn}'`);
          }
          jobs.set(jobArn, { arn: jobArn, name: jobName, modelId, roleArn });
        }
      }
      return [...jobs.values()];
    },

    async environmentOf({ arn }) {
      return environmentTag(clientOf(regionOf(arn)), arn);
    },

    async stop(region, { arn }) {
      try {
        const command = new StopModelInvocationJobCommand({ jobIdentifier: arn });
        await clientOf(region).send(command, { abortSignal: timeout(STOP_MS) });
        return 'stopping';
      } catch (error) {
        // Should a conflict have another cause, the next listing still shows the job.
        if (error instanceof ConflictException || error instanceof ResourceNotFoundException) return 'gone';
        throw serviceError(error);
      }
    },
  };
}
