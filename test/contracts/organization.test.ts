import { ServiceError } from '../../core/errors';
import { organizationState } from '../../lambda/adapters/dynamodb/organization-state';
import { FakeBrakeCall } from '../../simulator/fakes/brake-call';
import { FakeBrakePolicy } from '../../simulator/fakes/brake-policy';
import { FakeOrganizationState } from '../../simulator/fakes/organization-state';
import { FakePages } from '../../simulator/fakes/pages';
import { FakeStandingEvents } from '../../simulator/fakes/standing-events';
import { MemoryTable } from '../helpers/memory-table';
import { brakeCallContract } from './suites/brake-call';
import { brakePolicyContract } from './suites/brake-policy';
import { onFake } from './suites/contract';
import { organizationStateContract } from './suites/organization-state';
import { pagesContract } from './suites/pages';
import { standingEventsContract } from './suites/standing-events';
import { throttled } from './throttled';

organizationStateContract(
  'the fake',
  onFake(() => {
    const port = new FakeOrganizationState();
    return {
      port,
      leaveUnreadable: async (account, sk) => void port.unread.set(account, [...(port.unread.get(account) ?? []), sk]),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

organizationStateContract(
  'the adapter on a table in memory, an item a page',
  onFake(() => {
    const table = new MemoryTable();
    table.pageSize = 1;
    return {
      port: organizationState('hub', table.client),
      leaveUnreadable: (account, sk) => table.write({ pk: `ACCOUNT#${account}`, sk, schemaVersion: 2 }),
      throttle: async () => void (table.failure = 'ThrottlingException'),
    };
  }),
);

brakePolicyContract(
  'the fake',
  onFake(() => {
    const port = new FakeBrakePolicy();
    return {
      port: withMissing(port, '999999999999'),
      accounts: ['111111111111', '222222222222'],
      attachElsewhere: async () => (port.attached.add('ou-abcd-12345678'), 'ou-abcd-12345678'),
      fill: async () => void port.others.set('111111111111', 10),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

standingEventsContract(
  'the fake',
  onFake(() => {
    const port = new FakeStandingEvents();
    return { port, matched: async () => port.standings, throttle: async () => void (port.failure = throttled()) };
  }),
);

brakeCallContract(
  'the fake',
  onFake(() => {
    const asked: string[] = [];
    const port = new FakeBrakeCall((account) => void asked.push(account));
    return {
      port,
      asked: async () => asked,
      remove: async () =>
        void (port.failure = new ServiceError('notFound', 'ResourceNotFoundException', 'no such function', 404)),
      throttle: async () => void (port.failure = throttled()),
    };
  }),
);

pagesContract(
  'the fake',
  onFake(() => {
    const port = new FakePages();
    return { port, read: async (key) => port.pages.get(key), throttle: async () => void (port.failure = throttled()) };
  }),
);

function withMissing(port: FakeBrakePolicy, account: string): FakeBrakePolicy {
  port.missing.add(account);
  return port;
}
