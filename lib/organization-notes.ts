import type { OrganizationConfig } from '../config';
import { hubCostLines } from '../core/estimates';
import { addUpTo, formatUsd } from '../core/money';
import { countHub } from './hub-cost';
import type { OrganizationHubStack } from './organization-hub-stack';

/** What synth says to people about an organisation: limits, what they should know, what the hub costs. */
export function organizationNotes(stack: OrganizationHubStack, organization: OrganizationConfig): readonly string[] {
  const { organizationId, hubRegion, accounts, brake, notices, stackSet } = organization;
  const sum = addUpTo(...accounts.map(({ limit }) => limit));
  const how = brake.approval === 'automatic' ? 'by itself' : 'after a person approves';
  return [
    `${organizationId}: ${accounts.length} accounts with ${formatUsd(sum)} a month together, ${hubRegion}; mode ${stackSet.mode}; brake at ${brake.atPercent}%, ${how}`,
    ...notices.map((text) => `  note: ${text}`),
    ...hubCostLines(countHub(stack), accounts.length).map((line) => `  ${line}`),
  ];
}
