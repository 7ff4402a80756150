import { addDays, firstDay, nextMonth, type UtcDay, type UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';
import { principalTagKey } from './billed';
import { callerOf, personNames } from './caller';
import type { FocusRow } from './focus-row';
import type { BilledSpend, CallerUsage, SpendersOfMonth, TaggedSpend } from './types';

/** Of whose the month is. */
export interface FocusOf {
  readonly month: UtcMonth;
  readonly environment: string;
  readonly account: string;
  /** The account that pays; absent: nobody has said. */
  readonly billingAccount?: string;
  /** Where the log group is; the bill and callers with a budget are of any Region. */
  readonly region: string;
  readonly incomplete?: string;
}

/**
 * Who issues an estimate: by FOCUS's appendix on the origination of cost data (v1.2, scenario 5.2, internal offerings that run on a cloud) the
 * internal offering's own name, so that nobody takes it for a line of AWS's.
 */
const INTERNAL_ISSUER = 'bedrock-spend-guard';

type Callers = Extract<NonNullable<SpendersOfMonth['callers']>, { kind: 'known' }>['value'];

/** By day, caller and model. What has no price has no line: it would need a cost, and there is none. */
export function focusOfCallers({ usage, rest }: Pick<Callers, 'usage' | 'rest'>, of: FocusOf): readonly FocusRow[] {
  const persons = personNames(usage.map(({ arn }) => arn));
  return [
    ...usage.flatMap((one) => (one.amount === undefined ? [] : [ofCaller(one, one.amount, persons.get(one.arn), of)])),
    ...rest.flatMap(({ day, callers, calls, amount, unpricedCalls, uncounted }) =>
      amount === undefined
        ? []
        : [
            line({
              of: lacking(of, { calls, unpricedCalls, uncounted }),
              day,
              amount,
              isEstimate: true,
              what: `what ${callers} callers used of whom no name is kept`,
              more: { RegionId: of.region, ConsumedQuantity: calls, ConsumedUnit: 'Requests', x_Calls: calls },
            }),
          ],
    ),
  ];
}

/** By day and value of the tag, as the bill has it. */
export function focusOfTag(tag: string, spend: readonly TaggedSpend[], of: FocusOf): readonly FocusRow[] {
  return spend.map(({ day, value, amount }) =>
    line({
      of,
      day,
      amount,
      isEstimate: false,
      what: value === '' ? 'principals without the tag' : 'principals by their tag',
      // The key under which Cost Explorer has it, which no key of ours can be.
      tags: value === '' ? {} : { [principalTagKey(tag)]: value },
      more: { x_Source: 'PrincipalTag' },
    }),
  );
}

/** By day, model and service, as the bill has it. */
export function focusOfBill(bill: readonly BilledSpend[], of: FocusOf): readonly FocusRow[] {
  return bill.map(({ day, model, service, amount }) =>
    line({
      of,
      day,
      amount,
      isEstimate: false,
      what: 'models by their name on the bill',
      more: { x_Source: 'CostExplorer', x_Model: model, ServiceName: service },
    }),
  );
}

/** What callers were charged in a period of a budget. */
export interface ChargedBudget {
  /** Empty: in none. */
  readonly path: string;
  readonly from: UtcDay;
  /** Exclusive. */
  readonly to: UtcDay;
  readonly amount: NanoUsd;
}

/** By budget and period, which may be a day, a week that goes over the end of the month, or the month. */
export function focusOfBudgets(charged: readonly ChargedBudget[], of: FocusOf): readonly FocusRow[] {
  return charged.map(({ path, from, to, amount }) =>
    line({
      of,
      day: from,
      to,
      amount,
      isEstimate: true,
      what: path === '' ? 'what callers were charged in no budget' : 'what callers were charged in a budget',
      tags: path === '' ? {} : { budget: path },
      more: { x_Source: 'SharedBudgets' },
    }),
  );
}

function ofCaller(
  { day, arn, modelId, calls, tokens, uncounted }: CallerUsage,
  amount: NanoUsd,
  person: string | undefined,
  of: FocusOf,
): FocusRow {
  const all = tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
  return line({
    of: lacking(of, { calls, uncounted }),
    day,
    amount,
    isEstimate: true,
    what: 'tokens of the invocation log',
    tags: tagsOf(arn, person),
    more: {
      RegionId: of.region,
      ConsumedQuantity: all,
      ConsumedUnit: 'Tokens',
      PricingQuantity: all,
      PricingUnit: 'Tokens',
      x_Model: modelId,
      x_Calls: calls,
      x_InputTokens: tokens.input,
      x_OutputTokens: tokens.output,
      x_CacheReadTokens: tokens.cacheRead,
      x_CacheWriteTokens: tokens.cacheWrite,
    },
  });
}

interface Lacking {
  readonly calls: number;
  readonly unpricedCalls?: number;
  readonly uncounted?: number | undefined;
}

/** What the line itself lacks comes before what the environment does. */
function lacking(of: FocusOf, { calls, unpricedCalls = 0, uncounted = 0 }: Lacking): FocusOf {
  const all = [
    ...(unpricedCalls === 0 ? [] : [`at least: ${unpricedCalls} of ${calls} calls of this line have no price`]),
    ...(uncounted === 0 ? [] : [`at least: ${uncounted} of ${calls} calls of this line have no token counts`]),
    ...(of.incomplete === undefined ? [] : [of.incomplete]),
  ];
  return all.length === 0 ? of : { ...of, incomplete: all.join('; ') };
}

function tagsOf(arn: string, person: string | undefined): Readonly<Record<string, string>> {
  const { name, role, session } = callerOf(arn);
  if (person === undefined && role === undefined) return arn.trim() === '' ? {} : { caller: name };
  return {
    ...(person === undefined ? {} : { person }),
    ...(role === undefined ? {} : { role }),
    ...(session === undefined ? {} : { session }),
  };
}

interface Said {
  readonly of: FocusOf;
  readonly day: UtcDay;
  /** Exclusive. @default - the day after */
  readonly to?: UtcDay;
  readonly amount: NanoUsd;
  readonly isEstimate: boolean;
  readonly what: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly more: Partial<FocusRow>;
}

/**
 * Without a unit price list and contracted cost match the billed one (v1.2, listcost.md and contractedcost.md), and without commitments
 * so does the effective one.
 */
function line({ of, day, to = addDays(day, 1), amount, isEstimate, what, tags, more }: Said): FocusRow {
  const { month, environment, account, billingAccount, incomplete } = of;
  return {
    BilledCost: amount,
    ...(billingAccount === undefined ? {} : { BillingAccountId: billingAccount }),
    BillingCurrency: 'USD',
    BillingPeriodEnd: midnight(firstDay(nextMonth(month))),
    BillingPeriodStart: midnight(firstDay(month)),
    ChargeCategory: 'Usage',
    ChargeDescription: `${isEstimate ? 'Estimate at list price, not billed by AWS' : "AWS's bill, unblended, without credits and tax"}: ${what}`,
    ChargeFrequency: 'Usage-Based',
    ChargePeriodEnd: midnight(to),
    ChargePeriodStart: midnight(day),
    ContractedCost: amount,
    EffectiveCost: amount,
    InvoiceIssuerName: isEstimate ? INTERNAL_ISSUER : 'AWS',
    ListCost: amount,
    ProviderName: 'AWS',
    PublisherName: 'AWS',
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: 'Amazon Bedrock',
    ServiceSubcategory: 'Generative AI',
    SubAccountId: account,
    Tags: JSON.stringify({ environment, ...tags }),
    x_CostBasis: isEstimate ? 'EstimatedAtListPrice' : 'Billed',
    x_Source: 'InvocationLogs',
    ...more,
    ...(incomplete === undefined ? {} : { x_Incomplete: incomplete }),
  };
}

function midnight(day: UtcDay): string {
  return `${day}T00:00:00Z`;
}
