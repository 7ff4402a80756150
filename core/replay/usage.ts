import { HOUR_MS, MINUTE_MS } from '../calendar';
import { answerCost, type AnswerUsage } from '../in-path/usage';
import { addUpTo } from '../meter/saturate';
import type { ModelPrice } from '../prices';
import { ZERO, type NanoUsd } from '../money';

/** Tokens of one model, used from `at` on for `spanMs`: calls have a span of 0, an hour's sum one of an hour. */
export interface UsageRow {
  readonly at: number;
  readonly spanMs: number;
  /** As it is priced: with its scope, and its service tier after a plus. */
  readonly modelId: string;
  /** Absent, or 0: the source does not count them. */
  readonly calls?: number;
  readonly tokens: AnswerUsage;
}

export interface PricedModel {
  readonly id: string;
  readonly tier: 'small' | 'large';
  readonly price: ModelPrice;
}

/** What would be used in one step, by model, if nothing were denied. */
export interface Step {
  /** Start of the step. */
  readonly at: number;
  readonly byModel: ReadonlyMap<string, StepUsage>;
}

export interface Steps {
  /** Five minutes; a quarter of an hour where no row is finer than an hour. */
  readonly stepMs: number;
  readonly steps: readonly Step[];
}

export interface StepUsage {
  readonly tier: 'small' | 'large';
  readonly cost: NanoUsd;
  /** All tokens together. */
  readonly tokens: number;
}

const FINE_MS = 5 * MINUTE_MS;
const COARSE_MS = 15 * MINUTE_MS;

const COMPONENTS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'] as const;

/**
 * Brings rows to steps, in order of time, empty ones left out. A row that spans several is spread evenly over
 * them, whole tokens, none lost; a row of a model that is not given is the caller's mistake.
 * @throws RangeError on a model without a price
 */
export function stepsOf(rows: Iterable<UsageRow>, models: readonly PricedModel[]): Steps {
  const known = new Map(models.map((model) => [model.id, model]));
  const stepMs = everyIsCoarse(rows) ? COARSE_MS : FINE_MS;
  const steps = new Map<number, Map<string, Mutable>>();
  for (const { at, spanMs, modelId, tokens } of rows) {
    if (!known.has(modelId)) throw new RangeError(`no price for ${modelId}`);
    const first = Math.floor(at / stepMs) * stepMs;
    const count = Math.max(1, Math.ceil((at + spanMs - first) / stepMs));
    for (let part = 0; part < count; part++) {
      const step = entry(steps, first + part * stepMs, () => new Map<string, Mutable>());
      const sums = entry(step, modelId, none);
      for (const component of COMPONENTS) sums[component] += share(tokens[component] ?? 0, part, count);
    }
  }
  return {
    stepMs,
    steps: [...steps]
      .sort(([a], [b]) => a - b)
      .map(([at, byModel]) => ({
        at,
        byModel: new Map([...byModel].map(([id, tokens]) => [id, priced(known, id, tokens)])),
      })),
  };
}

function priced(known: ReadonlyMap<string, PricedModel>, id: string, tokens: AnswerUsage): StepUsage {
  const model = known.get(id);
  if (model === undefined) throw new RangeError(`no price for ${id}`);
  const { input, output, cacheRead, cacheWrite } = tokens;
  return { tier: model.tier, cost: answerCost(tokens, model.price), tokens: input + output + cacheRead + cacheWrite };
}

export function stepCost({ byModel }: Step): NanoUsd {
  return addUpTo(ZERO, ...[...byModel.values()].map(({ cost }) => cost));
}

type Mutable = Record<(typeof COMPONENTS)[number], number>;

function none(): Mutable {
  return { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
}

function everyIsCoarse(rows: Iterable<UsageRow>): boolean {
  for (const { spanMs } of rows) if (spanMs < HOUR_MS) return false;
  return true;
}

/** The parts of a whole number are whole and add up to it. */
function share(total: number, part: number, count: number): number {
  return Math.floor((total * (part + 1)) / count) - Math.floor((total * part) / count);
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
