import { DAY_MS, HOUR_MS, MINUTE_MS, utcDay, type UtcDay, type UtcMonth } from '../calendar';
import { answerCost } from '../in-path';
import { addUpTo, MOST, ZERO, type NanoUsd } from '../money';
import type { ModelPrice } from '../prices';
import type { DesiredState } from '../stop-lines';
import { COMPONENTS, WIDTH, type Component } from './tokens';
import type { PricedModel } from './usage';

export interface ReplayedModel {
  readonly modelId: string;
  readonly spent: NanoUsd;
  /** What its denied calls would have cost. */
  readonly denied: NanoUsd;
  readonly deniedTokens: number;
}

export interface ReplayedDay {
  readonly day: UtcDay;
  readonly spent: NanoUsd;
  readonly denied: NanoUsd;
}

/** What a model's calls of a month came to. */
export interface ReplayedModelMonth {
  readonly month: UtcMonth;
  readonly modelId: string;
  readonly spent: NanoUsd;
  readonly denied: NanoUsd;
}

export interface Tallied {
  readonly spent: NanoUsd;
  readonly denied: NanoUsd;
  readonly byModel: readonly ReplayedModel[];
  /** In order of the months; adds up to {@link months}, and to {@link byModel}. */
  readonly byModelAndMonth: readonly ReplayedModelMonth[];
  readonly byDay: readonly ReplayedDay[];
  /** Month to date at the end of each hour in which anything was used, ms since the epoch. */
  readonly byHour: readonly { readonly at: number; readonly spent: NanoUsd }[];
  readonly months: readonly { readonly month: UtcMonth; readonly spent: NanoUsd; readonly denied: NanoUsd }[];
}

interface Sums {
  spent: NanoUsd;
  denied: NanoUsd;
}

const MINUTES_A_DAY = DAY_MS / MINUTE_MS;
const MINUTES_AN_HOUR = HOUR_MS / MINUTE_MS;

/** What was spent and what was denied. Tokens are priced once a day and model, and rounded up then, so that the parts add up. */
export class Tally {
  private day = Number.NaN;
  private hour = Number.NaN;
  private readonly spent: Float64Array;
  private readonly denied: Float64Array;
  private readonly models: (Sums & { deniedTokens: number; used: boolean })[];
  private readonly modelMonths = new Map<string, Sums & { readonly month: UtcMonth; readonly modelId: string }>();
  private readonly days: ReplayedDay[] = [];
  private readonly hours: { readonly at: number; readonly spent: NanoUsd }[] = [];
  /** Of the month that the last closed day is of. */
  private monthToDate: { readonly month: string; readonly spent: NanoUsd } = { month: '', spent: ZERO };

  constructor(private readonly priced: readonly PricedModel[]) {
    this.spent = new Float64Array(priced.length * WIDTH);
    this.denied = new Float64Array(priced.length * WIDTH);
    this.models = priced.map(() => ({ spent: ZERO, denied: ZERO, deniedTokens: 0, used: false }));
  }

  /** @param tokens of the minute, whose denied ones are taken out: what remains was used */
  add(minute: number, tokens: Float64Array, enforced: DesiredState): void {
    const day = Math.floor(minute / MINUTES_A_DAY);
    const hour = Math.floor(minute / MINUTES_AN_HOUR);
    if (hour !== this.hour) this.closeHour();
    if (day !== this.day) this.closeDay();
    this.day = day;
    this.hour = hour;
    this.priced.forEach(({ tier }, model) => {
      const isDenied = enforced === 'stopped' || (enforced === 'degraded' && tier === 'large');
      const sums = isDenied ? this.denied : this.spent;
      for (let at = model * WIDTH; at < (model + 1) * WIDTH; at++) {
        sums[at] = (sums[at] ?? 0) + (tokens[at] ?? 0);
        if (isDenied) tokens[at] = 0;
      }
    });
  }

  result(): Tallied {
    this.closeHour();
    this.closeDay();
    const months = [...new Set(this.days.map(({ day }) => day.slice(0, 7) as UtcMonth))];
    return {
      ...total(this.days),
      byModel: this.priced
        .flatMap(({ id }, at) => {
          const { used, ...sums } = this.models[at] ?? { used: false, spent: ZERO, denied: ZERO, deniedTokens: 0 };
          return used ? [{ modelId: id, ...sums }] : [];
        })
        .sort((a, b) => b.spent + b.denied - (a.spent + a.denied)),
      byModelAndMonth: [...this.modelMonths.values()],
      byDay: this.days,
      byHour: this.hours,
      months: months.map((month) => ({ month, ...total(this.days.filter(({ day }) => day.startsWith(month))) })),
    };
  }

  /** The day so far is priced as the whole day is, so that its last hour ends at the day's amount. */
  private closeHour(): void {
    if (Number.isNaN(this.hour)) return;
    const { month, spent } = this.monthToDate;
    const before = utcDay(this.day * DAY_MS).startsWith(month) && month !== '' ? spent : ZERO;
    const today = this.priced.map(({ price }, number) => this.costOf(this.spent, number, price));
    this.hours.push({ at: (this.hour + 1) * HOUR_MS, spent: addUpTo(before, ...today) });
  }

  private closeDay(): void {
    if (Number.isNaN(this.day)) return;
    const day: Sums = { spent: ZERO, denied: ZERO };
    const name = utcDay(this.day * DAY_MS);
    this.priced.forEach(({ id, price }, number) => {
      const model = this.models[number];
      if (model === undefined) return;
      const [spent, denied] = [this.costOf(this.spent, number, price), this.costOf(this.denied, number, price)];
      let used = false;
      for (let at = number * WIDTH; at < number * WIDTH + COUNTED; at++) {
        model.deniedTokens += this.denied[at] ?? 0;
        used ||= (this.spent[at] ?? 0) > 0 || (this.denied[at] ?? 0) > 0;
      }
      if (!used) return;
      model.used = true;
      const ofMonth = this.modelMonth(name.slice(0, 7) as UtcMonth, id);
      ofMonth.spent = addUpTo(ofMonth.spent, spent);
      ofMonth.denied = addUpTo(ofMonth.denied, denied);
      model.spent = addUpTo(model.spent, spent);
      model.denied = addUpTo(model.denied, denied);
      day.spent = addUpTo(day.spent, spent);
      day.denied = addUpTo(day.denied, denied);
    });
    this.days.push({ day: name, ...day });
    const month = name.slice(0, 7);
    this.monthToDate = {
      month,
      spent: addUpTo(this.monthToDate.month === month ? this.monthToDate.spent : ZERO, day.spent),
    };
    this.spent.fill(0);
    this.denied.fill(0);
  }

  private modelMonth(month: UtcMonth, modelId: string): Sums {
    const key = `${month} ${modelId}`;
    const found = this.modelMonths.get(key) ?? { month, modelId, spent: ZERO, denied: ZERO };
    this.modelMonths.set(key, found);
    return found;
  }

  private costOf(sums: Float64Array, model: number, price: ModelPrice): NanoUsd {
    const count = (component: Component) => sums[model * WIDTH + COMPONENTS.indexOf(component)] ?? 0;
    const usage = {
      input: count('input'),
      output: count('output'),
      cacheRead: count('cacheRead'),
      cacheWrite: count('cacheWrite'),
      cacheWrite5m: count('cacheWrite5m'),
      cacheWrite1h: count('cacheWrite1h'),
    };
    try {
      return answerCost(usage, price);
    } catch (error) {
      if (error instanceof RangeError) return MOST;
      throw error;
    }
  }
}

/** Of {@link COMPONENTS}, by which a model's tokens are told. */
const COUNTED = ['input', 'output', 'cacheRead', 'cacheWrite'].length;

function total(all: readonly Sums[]): Readonly<Sums> {
  return {
    spent: addUpTo(ZERO, ...all.map(({ spent }) => spent)),
    denied: addUpTo(ZERO, ...all.map(({ denied }) => denied)),
  };
}
