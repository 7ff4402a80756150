import type { NanoUsd } from '../money';

/**
 * A line of a FOCUS 1.2 dataset, by its column ids
 * (https://github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec/tree/v1.2/specification/columns, tag v1.2 = 7296e31, read 2026-11-29).
 * Absent is null. docs/who-spent.md says which requirements it cannot keep, and why.
 */
export interface FocusRow {
  /** Of an estimate: what the chargeback charges, which is no line of AWS's. See `x_CostBasis`. */
  readonly BilledCost: NanoUsd;
  readonly BillingAccountId?: string;
  readonly BillingAccountName?: never;
  readonly BillingCurrency: 'USD';
  readonly BillingPeriodEnd: string;
  readonly BillingPeriodStart: string;
  readonly ChargeCategory: 'Usage';
  readonly ChargeClass?: never;
  readonly ChargeDescription: string;
  readonly ChargeFrequency: 'Usage-Based';
  readonly ChargePeriodEnd: string;
  readonly ChargePeriodStart: string;
  readonly ConsumedQuantity?: number;
  readonly ConsumedUnit?: 'Tokens' | 'Requests';
  readonly ContractedCost: NanoUsd;
  readonly EffectiveCost: NanoUsd;
  readonly InvoiceId?: never;
  readonly InvoiceIssuerName: string;
  readonly ListCost: NanoUsd;
  readonly PricingQuantity?: number;
  readonly PricingUnit?: 'Tokens';
  readonly ProviderName: 'AWS';
  readonly PublisherName: 'AWS';
  readonly RegionId?: string;
  readonly ServiceCategory: 'AI and Machine Learning';
  readonly ServiceName: string;
  readonly ServiceSubcategory: 'Generative AI';
  readonly SubAccountId: string;
  /** A JSON object of strings. */
  readonly Tags: string;
  readonly x_CostBasis: 'EstimatedAtListPrice' | 'Billed';
  readonly x_Source: 'InvocationLogs' | 'PrincipalTag' | 'CostExplorer' | 'SharedBudgets';
  readonly x_Model?: string;
  readonly x_Calls?: number;
  readonly x_InputTokens?: number;
  readonly x_OutputTokens?: number;
  readonly x_CacheReadTokens?: number;
  readonly x_CacheWriteTokens?: number;
  /** Why the lines of this environment do not add up to all that was spent. */
  readonly x_Incomplete?: string;
}

export type FocusColumn = keyof FocusRow;

/** In the order of the file: FOCUS's own by name, then ours. */
export const FOCUS_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'RegionId',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SubAccountId',
  'Tags',
  'x_CostBasis',
  'x_Source',
  'x_Model',
  'x_Calls',
  'x_InputTokens',
  'x_OutputTokens',
  'x_CacheReadTokens',
  'x_CacheWriteTokens',
  'x_Incomplete',
] as const satisfies readonly FocusColumn[];
