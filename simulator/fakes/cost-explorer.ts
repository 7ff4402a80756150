import { type UtcDay, type UtcMonth, firstDay } from '../../core/calendar';
import { addDecimals, type ExactDecimal } from '../../core/money';
import type {
  CostAllocationTagsPort,
  TagStatus,
  CostAnswer,
  CostExplorerPort,
  CostGroup,
  CostQuery,
  CostRow,
} from '../../core/bill';

/** One line of the bill, of one day. */
export interface BillItem {
  readonly day: UtcDay;
  readonly service: string;
  readonly usageType: string;
  readonly amount: ExactDecimal;
  /** Cost allocation tags, by key. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Answers queries over the items it is given, grouped as Cost Explorer does: a row per period and combination of keys that
 * has items. Refuses what Cost Explorer refuses.
 */
export class FakeCostExplorer implements CostExplorerPort, CostAllocationTagsPort {
  readonly queries: CostQuery[] = [];
  tagsAsked = 0;

  constructor(
    private readonly items: () => readonly BillItem[],
    private readonly settings: {
      readonly currency?: string;
      readonly failure?: () => { readonly why: string; readonly retryable: boolean } | undefined;
      readonly tag?: () => TagStatus;
    } = {},
  ) {}

  async costs(query: CostQuery): Promise<CostAnswer> {
    this.queries.push(query);
    const failure = this.settings.failure?.() ?? invalid(query);
    if (failure) return { kind: 'unavailable', ...failure, requests: 1 };
    const groups = new Map<string, { day: UtcDay; keys: string[]; amounts: ExactDecimal[] }>();
    for (const item of this.items()) {
      if (item.day < query.from || item.day >= query.to) continue;
      if (query.services && !query.services.includes(item.service)) continue;
      if (query.tag && !isTagged(item, query.tag)) continue;
      const day = query.granularity === 'DAILY' ? item.day : monthOf(item.day, query.from);
      const keys = query.groupBy.map((group) => keyOf(item, group));
      const id = `${day} ${keys.join('\u0000')}`;
      const group = groups.get(id) ?? { day, keys, amounts: [] };
      group.amounts.push(item.amount);
      groups.set(id, group);
    }
    const currency = this.settings.currency ?? 'USD';
    const rows: CostRow[] = [...groups.values()].map(({ day, keys, amounts }) => ({
      day,
      keys,
      amount: addDecimals(amounts),
      currency,
    }));
    return { kind: 'known', rows, requests: 1 };
  }

  async tagStatus(): Promise<TagStatus> {
    this.tagsAsked += 1;
    return this.settings.tag?.() ?? { kind: 'known', state: 'active' };
  }
}

function invalid({ from, to, groupBy }: CostQuery): { readonly why: string; readonly retryable: boolean } | undefined {
  if (to > from && groupBy.length <= 2) return undefined;
  return { why: 'Cost Explorer answers ValidationException', retryable: false };
}

/** The first day of a day's month, or of the period where that begins later. */
function monthOf(day: UtcDay, from: UtcDay): UtcDay {
  const first = firstDay(day.slice(0, 'YYYY-MM'.length) as UtcMonth);
  return first < from ? from : first;
}

function keyOf(item: BillItem, group: CostGroup): string {
  switch (group.kind) {
    case 'TAG':
      return item.tags[group.key] ?? '';
    case 'SERVICE':
      return item.service;
    case 'USAGE_TYPE':
      return item.usageType;
  }
}

function isTagged({ tags }: BillItem, { key, value, orNone = false }: NonNullable<CostQuery['tag']>): boolean {
  return tags[key] === value || (orNone && tags[key] === undefined);
}
