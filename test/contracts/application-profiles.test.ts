import { FakeApplicationProfiles } from '../../simulator/fakes/application-profiles';
import { applicationProfilesContract } from './suites/application-profiles';
import { onFake } from './suites/contract';
import { throttled } from './throttled';

applicationProfilesContract(
  'the fake',
  onFake(() => {
    const port = new FakeApplicationProfiles();
    let made = 0;
    return {
      port,
      region: 'us-east-1',
      otherRegion: 'eu-west-1',
      async make(region, environment) {
        const id = `profile${(made += 1)}`;
        const arn = `arn:aws:bedrock:${region}:111122223333:application-inference-profile/${id}`;
        port.add({ id, arn, modelIds: ['amazon.nova-lite-v1:0'] }, environment);
        return arn;
      },
      remove: async (arn) => port.remove(arn),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);
