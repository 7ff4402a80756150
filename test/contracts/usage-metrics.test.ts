import { seriesName } from '../../core/meter/series';
import { FakeUsageMetrics } from '../../simulator/fakes/usage-metrics';
import { onFake } from './suites/contract';
import { usageMetricsContract, type UsageMetricsSubject } from './suites/usage-metrics';

const REGION = 'us-east-1';
const FAILURES = { throttled: 'throttled', unavailable: 'down', accessDenied: 'accessDenied' } as const;

usageMetricsContract(
  'the fake',
  onFake((): UsageMetricsSubject => {
    const port = new FakeUsageMetrics();
    return {
      port,
      region: REGION,
      otherRegion: 'eu-west-1',
      record: async (id, at, value) => port.record(id, at, value),
      recordCall: async (region, at) => port.recordCall(region, at),
      smallPages: async () => undefined,
      age: async (id) => void port.forgotten.add(seriesName(id)),
      async answerWith(status) {
        port.failures.set(REGION, 'incomplete');
        port.incompleteStatus = status;
      },
      refuse: async (how) => void port.failures.set(REGION, FAILURES[how]),
    };
  }),
);
