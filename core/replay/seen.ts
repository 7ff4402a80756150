import { DAY_MS, HOUR_MS, MINUTE_MS, utcDay, utcMonth, type UtcDay, type UtcMonth } from '../calendar';
import { GATE_MS, cost, burn, lastHour, lookBack, type KnownAssessment, type RingEntry } from '../meter';
import { MOST, nanoUsd, ZERO, type NanoUsd } from '../money';
import type { ModelPrice, PicoUsd } from '../prices';
import { COMPONENTS, WIDTH } from './tokens';
import type { PricedModel } from './usage';

/**
 * In the order of {@link COMPONENTS}: cache tokens of a model that is said to have no cache cost as input, and of a cache write the
 * metrics do not tell how long it lives, so that each costs as the dearest.
 */
function componentPrices(price: ModelPrice): readonly PicoUsd[] {
  return COMPONENTS.map((component) => {
    if (component === 'cacheWrite5m' || component === 'cacheWrite1h') return 0 as PicoUsd;
    const own = price[component];
    return own === 'unsupported' ? price.input : own;
  });
}

/** Tokens of a stretch of time by series, and their cost: rounded up once a series, as the meter does it. */
class Bucket {
  private readonly tokens: Float64Array;
  private readonly costs: Float64Array;
  private sum = 0;

  constructor(private readonly prices: readonly PicoUsd[]) {
    this.tokens = new Float64Array(prices.length);
    this.costs = new Float64Array(prices.length);
  }

  get amount(): NanoUsd {
    return nanoUsd(Math.min(this.sum, MOST));
  }

  add(series: number, tokens: number): void {
    const sum = (this.tokens[series] ?? 0) + tokens;
    const amount = cost(sum, this.prices[series] ?? (0 as PicoUsd));
    this.tokens[series] = sum;
    this.sum += amount - (this.costs[series] ?? 0);
    this.costs[series] = amount;
  }

  clear(): void {
    if (this.sum === 0) return;
    this.tokens.fill(0);
    this.costs.fill(0);
    this.sum = 0;
  }
}

/** An hour's tokens may show after it has ended: by the longest delay there is, in the next but one. */
const HOURS_KEPT = 4;
/** Reads of more than an hour, where there is one each minute. */
const RING_LENGTH = 80;

/**
 * What the metrics show, late: the minute is CloudWatch's, and shows when it is over and the delay has passed. The figures of
 * a read are those of `assess`, kept as sums instead of being added up anew from the start of the month.
 */
export class Seen {
  /** Start of the latest minute that the gate has shown. */
  lastActivityAt: number | undefined;
  private readonly waiting: { minute: number; readonly tokens: Float64Array }[];
  /** Minutes before this one have been looked at. */
  private shownTo = Number.NEGATIVE_INFINITY;
  private lastUsed = Number.NEGATIVE_INFINITY;
  private month: UtcMonth | undefined;
  private day: UtcDay | undefined;
  private readonly monthToDate: Bucket;
  private readonly today: Bucket;
  private readonly hours: { hour: number; readonly bucket: Bucket }[];
  private ring: RingEntry[] = [];

  constructor(
    models: readonly PricedModel[],
    private readonly delayMs: number,
  ) {
    const prices = models.flatMap(({ price }) => componentPrices(price));
    const slots = Math.ceil(delayMs / MINUTE_MS) + 2;
    this.waiting = Array.from({ length: slots }, () => ({
      minute: Number.NaN,
      tokens: new Float64Array(models.length * WIDTH),
    }));
    this.monthToDate = new Bucket(prices);
    this.today = new Bucket(prices);
    this.hours = Array.from({ length: HOURS_KEPT }, () => ({ hour: Number.NaN, bucket: new Bucket(prices) }));
  }

  /** Whether all that was used has shown. */
  get isUpToDate(): boolean {
    return this.lastUsed < this.shownTo;
  }

  /** @param minute since the epoch; ascending */
  use(minute: number, tokens: Float64Array): void {
    const slot = this.waiting[minute % this.waiting.length];
    if (slot === undefined) return;
    slot.minute = minute;
    // For arrays as short as these faster than `set`.
    for (let at = 0; at < tokens.length; at++) slot.tokens[at] = tokens[at] ?? 0;
    this.lastUsed = minute;
  }

  /** Lets everything show that is due. */
  advanceTo(now: number): void {
    this.turn(now);
    const end = Math.floor((now - this.delayMs) / MINUTE_MS);
    const { waiting } = this;
    for (let minute = Math.max(this.shownTo, end - waiting.length); minute < end; minute++) {
      const slot = waiting[minute % waiting.length];
      if (slot?.minute === minute) this.show(minute * MINUTE_MS, slot.tokens, now);
    }
    this.shownTo = Math.max(this.shownTo, end);
  }

  /** A full read of the month, after {@link advanceTo} the same time. */
  read(now: number): KnownAssessment {
    const { month = utcMonth(now), day = utcDay(now) } = this;
    const monthToDate = this.monthToDate.amount;
    const today = this.today.amount;
    const hour = Math.floor(now / HOUR_MS);
    const buckets = { thisHour: this.hourly(hour), previousHour: this.hourly(hour - 1) };
    const earlier = lookBack(this.ring, now);
    this.keep(now);
    return {
      kind: 'known',
      asOf: now,
      month,
      monthToDate,
      day,
      today,
      lastHour: lastHour(monthToDate, buckets, earlier),
      burnPerMinute: burn(monthToDate, buckets, earlier, now),
      lowerBound: false,
      byModel: [],
      unattributed: [],
      foreign: [],
      unguarded: [],
      findings: [],
      memory: { month, at: now, monthToDate, day, today, ring: [] },
    };
  }

  /** Reads that show what the last one did, every `everyMs` from `from` up to and with `to`. */
  readAgain(from: number, to: number, everyMs: number): void {
    for (let at = Math.max(from, to - HOURS_KEPT * HOUR_MS); at <= to; at += everyMs) {
      this.keep(at);
    }
  }

  /** What the next reads look back to; the older half goes now and then. */
  private keep(at: number): void {
    this.ring.push({ at, monthToDate: this.monthToDate.amount });
    if (this.ring.length > 2 * RING_LENGTH) this.ring = this.ring.slice(-RING_LENGTH);
  }

  private turn(now: number): void {
    const day = utcDay(now);
    if (day === this.day) return;
    this.day = day;
    this.today.clear();
    const month = utcMonth(now);
    if (month === this.month) return;
    this.month = month;
    this.monthToDate.clear();
    for (const { bucket } of this.hours) bucket.clear();
    this.ring = [];
  }

  private show(at: number, tokens: Float64Array, now: number): void {
    if (at >= now - GATE_MS) this.lastActivityAt = at;
    if (utcMonth(at) !== this.month) return;
    const isToday = Math.floor(at / DAY_MS) === Math.floor(now / DAY_MS);
    const hour = this.hourOf(Math.floor(at / HOUR_MS));
    for (let series = 0; series < tokens.length; series++) {
      const count = tokens[series] ?? 0;
      if (count === 0) continue;
      this.monthToDate.add(series, count);
      if (isToday) this.today.add(series, count);
      hour.add(series, count);
    }
  }

  private hourOf(hour: number): Bucket {
    const slot = this.hours[hour % HOURS_KEPT];
    if (slot === undefined) throw new RangeError(`no hour ${hour}`);
    if (slot.hour !== hour) slot.bucket.clear();
    slot.hour = hour;
    return slot.bucket;
  }

  private hourly(hour: number): NanoUsd {
    const slot = this.hours[hour % HOURS_KEPT];
    return slot?.hour === hour ? slot.bucket.amount : ZERO;
  }
}
