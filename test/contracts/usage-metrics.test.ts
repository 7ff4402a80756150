import { MINUTE_MS } from '../../core/calendar';
import { FakeUsageMetrics } from '../../simulator/fakes/usage-metrics';
import { onFake } from './suites/contract';
import { usageMetricsContract, type UsageMetricsSubject } from './suites/usage-metrics';

const REGION = 'us-east-1';
const FAILURES = { throttled: 'throttled', unavailable: 'down', accessDenied: 'accessDenied' } as const;

usageMetricsContract(
  'the fake',
  onFake((): UsageMetricsSubject => {
    const port = new FakeUsageMetrics({ listingDelay: () => 0 });
    return {
      port,
      region: REGION,
      otherRegion: 'eu-west-1',
      record: async (id, at, value) => port.record(id, at, value),
      recordCall: async (region, at) => port.recordCall(region, at),
      smallPages: async () => undefined,
      listLate: async (minutes) => void (port.listingDelay = () => minutes * MINUTE_MS),
      age: async () => undefined,
      async answerWith(status) {
        port.failures.set(REGION, 'incomplete');
        port.incompleteStatus = status;
      },
      refuse: async (how) => void port.failures.set(REGION, FAILURES[how]),
    };
  }),
);
