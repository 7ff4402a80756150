import type { BatchJob, BatchJobsPort } from '../../../core/enforcement/ports';
import { contract, differs } from './contract';

export interface BatchJobsSubject {
  readonly port: BatchJobsPort;
  /** Two Regions without jobs so far. */
  readonly region: string;
  readonly otherRegion: string;
  /** It runs from then on. @param environment its tag; @default - none */
  readonly submit: (region: string, environment?: string) => Promise<BatchJob>;
  /** It is over. */
  readonly end: (region: string, job: BatchJob) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

export const batchJobsContract = contract<BatchJobsSubject>('batch-jobs', [
  {
    name: 'trap 29: running jobs by Region, as they were submitted',
    async run({ port, region, otherRegion, submit }) {
      const [first, second, far] = [await submit(region), await submit(region), await submit(otherRegion)];
      expect(new Set(await port.running(region))).toEqual(new Set([first, second]));
      expect(await port.running(otherRegion)).toEqual([far]);
    },
  },
  {
    name: 'trap 29: a job that is stopped runs no more, and the others go on',
    async run({ port, region, submit }) {
      const [mine, other] = [await submit(region), await submit(region)];
      expect(await port.stop(region, mine)).toBe('stopping');
      expect(await port.running(region)).toEqual([other]);
    },
  },
  {
    name: 'whose a job is, by its tag',
    async run({ port, region, submit }) {
      expect(await port.environmentOf(await submit(region, 'dev'))).toBe('dev');
      expect(await port.environmentOf(await submit(region))).toBeUndefined();
    },
  },
  {
    name: 'a job that has ended is not running, and still somebody’s',
    async run({ port, region, submit, end }) {
      const job = await submit(region, 'dev');
      await end(region, job);
      expect(await port.running(region)).toEqual([]);
      expect(await port.environmentOf(job)).toBe('dev');
    },
  },
  {
    name: 'one that never was is gone',
    async run({ port, region, submit }) {
      const job = await submit(region);
      expect(
        await port.stop(region, { ...job, arn: `${job.arn.slice(0, job.arn.lastIndexOf('/'))}/aaaaaaaaaaaa` }),
      ).toBe('gone');
      expect(await port.running(region)).toEqual([job]);
    },
  },
  {
    name: 'one that has ended is gone',
    async run({ port, region, submit, end }) {
      const job = await submit(region);
      await end(region, job);
      expect(await port.stop(region, job)).toBe('gone');
    },
    differs: differs(
      'emulator',
      'it stops what has ended',
      'https://docs.aws.amazon.com/bedrock/latest/APIReference/API_StopModelInvocationJob.html (2026-11)',
    ),
  },
  {
    name: 'a refusal is a ServiceError',
    async run({ port, region, submit, throttle }) {
      const job = await submit(region);
      await throttle();
      for (const ask of [() => port.running(region), () => port.environmentOf(job), () => port.stop(region, job)]) {
        await expect(ask()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      }
    },
  },
]);
