import { FakeAlarms } from '../../simulator/fakes/alarms';
import { alarmsContract, type AlarmsSubject } from './suites/alarms';
import { onFake } from './suites/contract';

alarmsContract(
  'the fake',
  onFake((): AlarmsSubject => {
    const port = new FakeAlarms();
    const alarmArn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:spend-guard-dev-activity';
    return {
      port,
      alarmArn,
      put: async (settings) => port.put(alarmArn, settings),
      remove: async () => port.remove(alarmArn),
      turn: async (state) => void port.evaluated(alarmArn, state, Date.now()),
      refuse: async (how) => void (port.failure = how),
    };
  }),
);
