import {
  catalogue,
  type EnvironmentConfig,
  findModel,
  libraryPrice,
  libraryPrices,
  type ResolvedModel,
} from '../../config';
import { cheapestForCanary } from '../../core/health';
import { dearestOf } from '../../core/meter';
import { nanoUsd, usd, type NanoUsd } from '../../core/money';
import { costOf, mostUsed, STEP_IDS, type StepId } from '../../core/verify';
import { UsageError } from '../errors';
import type { LegacyModel } from './context';

const MOST_BY_DEFAULT = '1';
const ALL = 'all';

/** In the steps' own order, whatever the order they are named in. @throws UsageError on a step that does not exist */
export function stepsNamed(option: string, given: readonly string[] | undefined): readonly StepId[] {
  if (given === undefined) return STEP_IDS;
  const names = given.flatMap((one) => one.split(',')).map((name) => name.trim());
  const unknown = names.find((name) => name !== ALL && !STEP_IDS.some((id) => id === name));
  if (unknown !== undefined || names.length === 0) {
    throw new UsageError(
      `${option} ${given.join(' ')}: no step '${unknown ?? ''}'; allowed: ${STEP_IDS.join(', ')}, several by comma, or ${ALL}`,
    );
  }
  return STEP_IDS.filter((id) => names.includes(id) || names.includes(ALL));
}

/** @throws UsageError on what is no amount */
export function atMost(option: string | undefined): NanoUsd {
  const text = option ?? MOST_BY_DEFAULT;
  if (/^\d{1,4}(\.\d{1,4})?$/.test(text)) return usd(text);
  throw new UsageError(`--at-most ${text}: not an amount; allowed: dollars up to 9999, such as 1 or 0.25`);
}

/** @throws UsageError where the environment has no model */
export function cheapestModel({ name, models }: EnvironmentConfig): ResolvedModel {
  const cheapest = cheapestForCanary(models);
  if (cheapest) return cheapest;
  throw new UsageError(`--env ${name}: it has no cloud model to call; add one to its models`);
}

/**
 * @param option of whoever knows a Legacy model; else the cheapest that documents call Legacy and that is called on demand in the Region
 * @returns undefined: none is known
 */
export function legacyModel({ region }: EnvironmentConfig, option: string | undefined): LegacyModel | undefined {
  if (option !== undefined && !/^[a-z0-9-]+\.[a-zA-Z0-9.:-]+$/.test(option)) {
    throw new UsageError(`--legacy-model ${option}: not the id of a model, such as meta.llama3-1-8b-instruct-v1:0`);
  }
  const ids =
    option === undefined
      ? catalogue
          .filter(({ lifecycle, onDemandRegions }) => lifecycle.status === 'legacy' && onDemandRegions.includes(region))
          .map(({ id }) => id)
      : [option];
  const priced = ids.map((id): LegacyModel => {
    const listed = libraryPrice(id, findModel(id));
    return { id, price: 'missing' in listed ? dearestOf([...libraryPrices(findModel).values()]) : listed.price };
  });
  return priced.toSorted((a, b) => a.price.input + a.price.output - b.price.input - b.price.output)[0];
}

export interface Offer {
  readonly step: StepId;
  readonly worst: NanoUsd;
  /** Whether it is within what the run may cost, together with those before it. */
  readonly isWithin: boolean;
}

/** What each step costs at the most, and which are refused for it. */
export function offers(
  steps: readonly StepId[],
  model: Pick<ResolvedModel, 'price'>,
  legacy: LegacyModel | undefined,
  most: NanoUsd,
): readonly Offer[] {
  let sum = 0;
  return steps.map((step) => {
    const worst = costOf(mostUsed(step), step === 'legacy-refusal' && legacy ? legacy.price : model.price);
    const isWithin = sum + worst <= most;
    if (isWithin) sum += worst;
    return { step, worst, isWithin };
  });
}

export function sumOf(all: readonly Offer[]): NanoUsd {
  return nanoUsd(all.reduce((sum, { worst }) => sum + worst, 0));
}
