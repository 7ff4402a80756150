import type { OrganizationConfig } from '../config';
import { guardItself, hubCostLines, selfCost, type SelfCostCounts, selfCostTotal } from '../core/estimates';
import { addUpTo, formatUsd } from '../core/money';
import { channelsLines } from './channels-cost';
import { countHub } from './hub-cost';
import type { OrganizationHubStack } from './organization-hub-stack';

/**
 * What synth says to people about an organisation: limits, what they should know, what the hub and the guards cost.
 * @param ofGuard what is billed of the guard in one account
 */
export function organizationNotes(
  stack: OrganizationHubStack,
  organization: OrganizationConfig,
  ofGuard: SelfCostCounts,
): readonly string[] {
  const { organizationId, hubRegion, accounts, brake, notices, stackSet } = organization;
  const sum = addUpTo(...accounts.map(({ limit }) => limit));
  const how = brake.approval === 'automatic' ? 'by itself' : 'after a person approves';
  return [
    `${organizationId}: ${accounts.length} accounts with ${formatUsd(sum)} a month together, ${hubRegion}; mode ${stackSet.mode}; brake at ${brake.atPercent}%, ${how}`,
    ...notices.map((text) => `  note: ${text}`),
    ...hubCostLines(countHub(stack), accounts.length).map((line) => `  ${line}`),
    ...channelsLines(stack).map((line) => `  ${line}`),
    `  ${guardCostLine(ofGuard, accounts.length)}`,
  ];
}

/** Where all of an account counts, which costs more than what goes through profiles. */
function guardCostLine(counts: SelfCostCounts, accounts: number): string {
  const total = selfCostTotal(guardItself(selfCost(counts)));
  const { freeTierLeft, freeTierUsedUp, busy } = total;
  const each = `${formatUsd(freeTierLeft)} with the account's free tier left, ${formatUsd(freeTierUsedUp)} with it used up, ${formatUsd(busy)} where models are called in every minute`;
  const all = addUpTo(...Array.from({ length: accounts }, () => freeTierUsedUp));
  return `the guard of each account, a month, with accountWide: ${each}; ${accounts} accounts with it used up: ${formatUsd(all)}`;
}
