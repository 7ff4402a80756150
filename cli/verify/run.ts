import { errorNameOf, GuardError, ServiceError } from '../../core/errors';
import { nanoUsd } from '../../core/money';
import { costOf, type Judged, NOTHING_USED, plus, type StepId, type StepRecord, STEPS } from '../../core/verify';
import { UsageError } from '../errors';
import { StoppedError, type Verification } from './context';
import type { Offer } from './options';
import { budgetTag } from './steps/budget-tag';
import { denyLatency } from './steps/deny-latency';
import { legacyRefusal } from './steps/legacy-refusal';
import { listingDelay } from './steps/listing-delay';
import { metricDelay } from './steps/metric-delay';
import { metricNames } from './steps/metric-names';

type Ran = Judged & { readonly begun?: true };

const RUNS: Readonly<Record<StepId, (v: Verification) => Promise<Ran>>> = {
  'metric-names': metricNames,
  'listing-delay': listingDelay,
  'metric-delay': metricDelay,
  'deny-latency': denyLatency,
  'budget-tag': budgetTag,
  'legacy-refusal': legacyRefusal,
};

const NOTHING: Judged = { findings: [], readings: {}, numbers: {} };

type Price = Parameters<typeof costOf>[1];

/**
 * One step after the other, until somebody ends the command; what the step that is ended has made is removed first.
 * @param price of the cheapest model
 * @throws what is a defect
 */
export async function runAll(
  all: readonly Offer[],
  price: Price,
  { stopAsked, ...rest }: Omit<Verification, 'use' | 'sleep'> & { readonly stopAsked: Promise<void> },
): Promise<readonly StepRecord[]> {
  let stopped: StoppedError | undefined;
  const stop = stopAsked.then(() => {
    stopped = new StoppedError();
    throw stopped;
  });
  // Nobody may be waiting when it is asked for.
  stop.catch(() => undefined);
  const sleep = async (ms: number) => {
    if (stopped) throw stopped;
    await Promise.race([rest.services.sleep(ms), stop]);
  };
  const records: StepRecord[] = [];
  for (const offer of all) {
    rest.progress(`${offer.step} of ${rest.environment.name}`);
    const called = offer.step === 'legacy-refusal' && rest.legacy ? rest.legacy.price : price;
    const { isStopped, ...record } = await runStep(offer, called, { ...rest, sleep });
    records.push(record);
    if (isStopped) break;
  }
  return records;
}

/** One step, and the removal of what it has made. One that fails does not end the others. @throws what is a defect */
async function runStep(
  { step, worst }: Offer,
  price: Price,
  verification: Omit<Verification, 'use'>,
): Promise<StepRecord & { readonly isStopped: boolean }> {
  let used = NOTHING_USED;
  const v: Verification = { ...verification, use: (part) => void (used = plus(used, part)) };
  let ran: Ran = NOTHING;
  let why: string | undefined;
  let isStopped = false;
  try {
    ran = await RUNS[step](v);
  } catch (error) {
    why = whyOf(error, step);
    isStopped = error instanceof StoppedError;
  } finally {
    await v.made.removeAll(step);
  }
  return {
    step,
    question: STEPS[step].question,
    outcome: why !== undefined ? 'failed' : ran.begun ? 'begun' : 'done',
    ...(why === undefined ? {} : { why }),
    findings: ran.findings,
    readings: ran.readings,
    numbers: ran.numbers,
    worstCost: worst,
    reckonedCost: nanoUsd(costOf(used, price)),
    isStopped,
  };
}

/** With what to do. @throws what is a defect */
function whyOf(error: unknown, step: StepId): string {
  if (error instanceof StoppedError) return error.message;
  if (error instanceof UsageError || error instanceof GuardError) return error.message;
  if (!(error instanceof ServiceError)) throw error;
  const said = `${errorNameOf(error)}: ${error.text}`;
  return error.refusal === 'accessDenied'
    ? `${said}; spend-guard verify --policy --step ${step} prints what the step needs (${STEPS[step].who})`
    : `${said}; run the step again: --step ${step}`;
}
