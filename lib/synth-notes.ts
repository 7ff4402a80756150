import type { Stack } from 'aws-cdk-lib';
import { budgetedServices } from '../config/bedrock-services';
import type { EnvironmentConfig, Notice } from '../config/guard-config';
import { formatUsd } from '../core/money';
import { overshootLines } from '../core/overshoot';
import { selfCostLines } from '../core/self-cost';
import { serviceFilterNotes } from './budget';
import { countBillable } from './self-cost';

/** What synth says to people about one environment: what it guards, what they should know, what the guard costs. */
export function synthNotes(
  stack: Stack,
  environment: EnvironmentConfig,
  notices: readonly Notice[],
): readonly string[] {
  const { billAction } = environment;
  const countsServices = environment.identity === 'direct' || environment.accountWideLimit !== undefined;
  const filterNotes = countsServices ? serviceFilterNotes(budgetedServices(environment.models)) : [];
  const brake =
    billAction.kind === 'none'
      ? 'no budgets action'
      : `budgets action at ${billAction.atPercent}%, ${billAction.kind === 'automatic' ? 'by itself' : 'after a person approves'}`;
  return [
    `${environment.name}: ${formatUsd(environment.limit)} a month, ${environment.class}, ${environment.region}; ${brake}`,
    ...notices.filter((notice) => notice.environment === environment.name).map(({ text }) => `  note: ${text}`),
    ...filterNotes.map((text) => `  note: ${text}`),
    ...overshootLines(environment.name, environment.meter.overshoot).map((line) => `  ${line}`),
    ...selfCostLines(countBillable(stack)).map((line) => `  ${line}`),
  ];
}
