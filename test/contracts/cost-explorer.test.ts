import type { UtcDay } from '../../core/calendar';
import { parseDecimal } from '../../core/money';
import type { TagStatus } from '../../core/bill/ports';
import { FakeCostExplorer, type BillItem } from '../../simulator/fakes/cost-explorer';
import { onFake } from './suites/contract';
import { costExplorerContract } from './suites/cost-explorer';

const LATER = ['LimitExceededException', 'BillExpirationException'];

costExplorerContract(
  'the fake',
  onFake(() => {
    let items: readonly BillItem[] = [];
    let failure: { why: string; retryable: boolean } | undefined;
    let tag: TagStatus = { kind: 'known', state: 'active' };
    return {
      port: new FakeCostExplorer(() => items, { failure: () => failure, tag: () => tag }),
      async bill(...lines) {
        items = lines.map(({ day, service, usageType, usd, tag: value }) => ({
          ...{ day: day as UtcDay, service, usageType, amount: parseDecimal(String(usd)) },
          tags: (value === '' ? {} : { Environment: value }) as BillItem['tags'],
        }));
      },
      tag: async (status) =>
        void (tag = {
          kind: 'known',
          state: ({ Active: 'active', Inactive: 'inactive', unseen: 'unseen' } as const)[status],
        }),
      refuse: async (code) =>
        void (failure = { why: `Cost Explorer answers ${code}`, retryable: LATER.includes(code) }),
    };
  }),
);
