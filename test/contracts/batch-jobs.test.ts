import { FakeBatchJobs } from '../../simulator/fakes/batch-jobs';
import { batchJobsContract } from './suites/batch-jobs';
import { onFake } from './suites/contract';
import { throttled } from './throttled';

batchJobsContract(
  'the fake',
  onFake(() => {
    const port = new FakeBatchJobs();
    let made = 0;
    return {
      port,
      region: 'us-east-1',
      otherRegion: 'eu-west-1',
      async submit(region, environment) {
        const name = `job${(made += 1)}`;
        const arn = `arn:aws:bedrock:${region}:111122223333:model-invocation-job/${name}`;
        const job = { arn, name, modelId: 'amazon.nova-lite-v1:0', roleArn: 'arn:aws:iam::111122223333:role/batch' };
        port.submit(job, environment);
        return job;
      },
      end: async (_region, { arn }) => port.end(arn),
      throttle: async () => void port.failures.set('', throttled()),
    };
  }),
);
