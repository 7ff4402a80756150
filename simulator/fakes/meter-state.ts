import { MINUTE_MS, nextMonth, previousMonth, type UtcMonth } from '../../core/calendar';
import { GuardError, type ServiceError } from '../../core/errors';
import type { CanaryRecord, ExtendedAccess } from '../../core/meter';
import type {
  KnownSeries,
  MeterState,
  StoredCalibration,
  CalibrationPort,
  MeterStatePort,
  OrdersPort,
} from '../../core/decision';
import type { BudgetOrder, BudgetOrders, BudgetPath } from '../../core/shared-budgets';
import type { Order } from '../../core/stop-lines';

type Kept = 'state' | 'series' | 'order' | 'budgetOrders' | 'calibration' | 'canary' | 'dates';

/** The state table in memory, with its conditional write. Nothing survives that the table would not keep. */
export class FakeMeterState implements MeterStatePort, OrdersPort, CalibrationPort {
  private readonly months = new Items<UtcMonth, MeterState>();
  /** Of each month, for the condition of a write: the item itself is not read for it. */
  private readonly revisions = new Map<UtcMonth, number>();
  private readonly seriesOf = new Items<UtcMonth, KnownSeries>();
  private readonly single = {
    order: new Items<'order', Order>(),
    budgetOrders: new Items<'last', BudgetOrders>(),
    calibration: new Items<'last', StoredCalibration>(),
    dates: new Items<'last', ExtendedAccess>(),
  };
  /** Every order ever given, by its time. */
  private readonly audited = new Items<number, Order>();
  /** By time and budget. */
  private readonly auditedOfBudgets = new Items<string, BudgetOrder & { readonly budget: BudgetPath }>();
  /** By minute: a second one in the same minute replaces the first. */
  private readonly canaryOf = new Items<number, CanaryRecord>();
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;
  /** What a release of another schemaVersion has left in the table: whoever reads it is refused. */
  readonly ofOtherVersion = new Set<Kept>();

  async latest(month: UtcMonth): Promise<MeterState | undefined> {
    this.refuse('state');
    const near = this.months.keys().filter((one) => one >= previousMonth(month) && one <= nextMonth(month));
    const newest = near.sort().at(-1);
    return newest === undefined ? undefined : this.months.get(newest);
  }

  async save(state: MeterState, replaces: number): Promise<void> {
    this.refuse();
    if ((this.revisions.get(state.month) ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of meter/${state.month} first`);
    }
    this.months.put(state.month, state);
    this.revisions.set(state.month, state.revision);
  }

  async series(month: UtcMonth): Promise<KnownSeries | undefined> {
    this.refuse('series');
    return this.seriesOf.get(month);
  }

  async saveSeries(series: KnownSeries): Promise<void> {
    this.refuse();
    this.seriesOf.put(series.month, series);
  }

  async order(): Promise<Order | undefined> {
    this.refuse('order');
    return this.single.order.get('order');
  }

  async give(order: Order): Promise<void> {
    this.refuse();
    const at = order.kind === 'override' ? order.override.since : order.stop.since;
    if (this.audited.get(at)) {
      throw new GuardError('STATE_CONFLICT', 'another order was given in the same millisecond: give this one again');
    }
    this.single.order.put('order', order);
    this.audited.put(at, order);
  }

  async budgetOrders(): Promise<BudgetOrders> {
    this.refuse('budgetOrders');
    return this.single.budgetOrders.get('last') ?? {};
  }

  async giveBudgetOrder(budget: BudgetPath, order: BudgetOrder): Promise<void> {
    this.refuse('budgetOrders');
    const key = `${order.at}#${budget}`;
    if (this.auditedOfBudgets.get(key)) {
      const text = `another order for budget '${budget}' was given in the same millisecond: give this one again`;
      throw new GuardError('STATE_CONFLICT', text);
    }
    this.single.budgetOrders.put('last', { ...this.single.budgetOrders.get('last'), [budget]: order });
    this.auditedOfBudgets.put(key, { budget, ...order });
  }

  async calibration(): Promise<StoredCalibration | undefined> {
    this.refuse('calibration');
    return this.single.calibration.get('last');
  }

  async extendedAccess(): Promise<ExtendedAccess> {
    this.refuse('dates');
    return this.single.dates.get('last') ?? {};
  }

  /** As the health check writes it. */
  keepExtendedAccess(dates: ExtendedAccess): void {
    this.single.dates.put('last', dates);
  }

  async canaries(from: number, to: number): Promise<readonly CanaryRecord[]> {
    this.refuse('canary');
    return this.canaryOf
      .all()
      .filter(({ atMs }) => atMs >= from && atMs < to)
      .sort((a, b) => a.atMs - b.atMs);
  }

  /** As the health check writes it. */
  keepCanary(record: CanaryRecord): void {
    this.canaryOf.put(Math.floor(record.atMs / MINUTE_MS), record);
  }

  async keepCalibration(calibration: StoredCalibration): Promise<void> {
    this.refuse();
    this.single.calibration.put('last', calibration);
  }

  /** Oldest first. */
  audit(): readonly Order[] {
    return this.audited
      .keys()
      .sort((a, b) => a - b)
      .flatMap((at) => this.audited.get(at) ?? []);
  }

  /** Oldest first. */
  auditOfBudgets(): readonly (BudgetOrder & { readonly budget: BudgetPath })[] {
    return this.auditedOfBudgets.all().sort((a, b) => a.at - b.at);
  }

  private refuse(reads?: Kept): void {
    if (this.failure) throw this.failure;
    if (reads === undefined || !this.ofOtherVersion.has(reads)) return;
    throw new GuardError('ANSWER_INVALID', `the ${reads} is not what the meter writes (schemaVersion 1)`);
  }
}

/** Kept as JSON, so that what is read is a copy. @throws RangeError on a number that DynamoDB's client refuses to write */
class Items<Key, Item> {
  private readonly json = new Map<Key, string>();

  get(key: Key): Item | undefined {
    const json = this.json.get(key);
    return json === undefined ? undefined : (JSON.parse(json) as Item);
  }

  put(key: Key, item: Item): void {
    refuseUnstorable('item', item);
    this.json.set(key, JSON.stringify(item));
  }

  keys(): Key[] {
    return [...this.json.keys()];
  }

  all(): Item[] {
    return this.keys().flatMap((key) => this.get(key) ?? []);
  }
}

/** By itself: `JSON.stringify` that asks a function about each value takes several times as long, each minute of a month. */
function refuseUnstorable(name: string, value: unknown): void {
  if (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`${name}: ${value} cannot be stored`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) refuseUnstorable(key, inner);
}
