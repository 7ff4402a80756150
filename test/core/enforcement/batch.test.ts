import { stopBatchJobs, type BatchScope } from '../../../core/enforcement/batch';
import type { BatchJob } from '../../../core/enforcement/ports';
import { ServiceError } from '../../../core/errors';
import { FakeBatchJobs } from '../../../simulator/fakes/batch-jobs';

const SCOPE: BatchScope = { environment: 'dev', identity: 'profile', roleNames: ['app'] };
const EAST = 'us-east-1';
const WEST = 'eu-west-1';

const job = (name: string, role = 'stranger', region = EAST): BatchJob => ({
  arn: `arn:aws:bedrock:${region}:111122223333:model-invocation-job/${name}`,
  name,
  modelId: 'm',
  roleArn: `arn:aws:iam::111122223333:role/${role}`,
});
const down = (name = 'ThrottlingException') => new ServiceError('throttled', name, 'no', 429);

let jobs: FakeBatchJobs;
beforeEach(() => {
  jobs = new FakeBatchJobs();
});
const stop = (scope: Partial<BatchScope> = {}, regions = [EAST, WEST]) =>
  stopBatchJobs(jobs, regions, { ...SCOPE, ...scope });
const stopped = async (scope: Partial<BatchScope> = {}) => (await stop(scope)).stopped.map(({ name }) => name);

test.each<[string, string | undefined, string, boolean]>([
  ['its tag, whatever its role', 'dev', 'stranger', true],
  ['its role, though it has no tag', undefined, 'app', true],
  ['its role, whatever its tag', 'prod', 'app', true],
  ['its role, whatever path that is under', undefined, 'team/of/app', true],
  ['neither: another environment’s tag', 'prod', 'stranger', false],
  ['neither: no tag at all', undefined, 'stranger', false],
  ['neither: a role whose name only ends like it', undefined, 'my-app', false],
  ['neither: a role under a path of that name', undefined, 'app/stranger', false],
])('in a shared account a job is the environment’s by %s', async (_by, tag, role, isOurs) => {
  jobs.submit(job('one', role), tag);
  expect(await stopped()).toEqual(isOurs ? ['one'] : []);
  expect(await jobs.running(EAST)).toHaveLength(isOurs ? 0 : 1);
});

test('in an account of its own every job is, and nobody has to say whose it is', async () => {
  jobs.environmentOf = () => Promise.reject(down());
  jobs.submit(job('one'));
  expect(await stop({ identity: 'direct' })).toEqual({ stopped: [job('one')], failed: [] });
});

test('in every Region that is named, and in no other', async () => {
  jobs.submit(job('east', 'app'));
  jobs.submit(job('west', 'app', WEST));
  jobs.submit(job('far', 'app', 'ap-south-1'));
  expect(await stopped()).toEqual(['east', 'west']);
});

test('one that has ended in the meantime was not stopped, nor has it failed', async () => {
  jobs.submit(job('one', 'app'));
  const running = jobs.running.bind(jobs);
  jobs.running = async (region) => {
    const found = await running(region);
    jobs.end(job('one').arn);
    return found;
  };
  expect(await stop()).toEqual({ stopped: [], failed: [] });
});

describe('each may fail alone, and is named with the reason', () => {
  test('a job that cannot be stopped', async () => {
    for (const name of ['one', 'two', 'three']) jobs.submit(job(name, 'app'));
    jobs.failures.set(job('two').arn, down());
    expect(await stop()).toEqual({
      stopped: [job('one', 'app'), job('three', 'app')],
      failed: ['batch job two (ThrottlingException)'],
    });
  });

  test('one of which nobody can say whose it is', async () => {
    jobs.submit(job('whose'));
    jobs.submit(job('ours', 'app'));
    jobs.environmentOf = () => Promise.reject(down('AccessDeniedException'));
    expect(await stop()).toEqual({
      stopped: [job('ours', 'app')],
      failed: ['batch job whose (AccessDeniedException)'],
    });
  });

  test('a Region that does not answer', async () => {
    jobs.submit(job('west', 'app', WEST));
    const running = jobs.running.bind(jobs);
    jobs.running = (region) => (region === EAST ? Promise.reject(down()) : running(region));
    expect(await stop()).toEqual({
      stopped: [job('west', 'app', WEST)],
      failed: ['the batch jobs in us-east-1 (ThrottlingException)'],
    });
  });
});

test('a defect is no refusal: it is thrown', async () => {
  jobs.submit(job('one', 'app'));
  jobs.stop = () => Promise.reject(new TypeError('a defect'));
  await expect(stop()).rejects.toThrow(TypeError);
});
