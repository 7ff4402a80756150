import { BEDROCK_SERVICE_NAMES, marketplaceServiceName } from '../core/bedrock-services';
import { catalogue } from './models';

/**
 * The exact SERVICE names that the budgets count: a budget cannot match a pattern. A name on the bill that is missing
 * here is a blind spot, which cost-check reports.
 */
export function budgetedServices(): readonly string[] {
  const sold = catalogue
    .filter((model) => model.soldThroughMarketplace)
    .map((model) => marketplaceServiceName(model.name));
  return [...BEDROCK_SERVICE_NAMES, ...sold.sort()];
}
