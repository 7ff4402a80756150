export { BEDROCK_SERVICE_NAMES, isBedrockService, marketplaceServiceName } from './bedrock-services';
export {
  type Amount,
  billedLongAgo,
  billQuery,
  type BillReading,
  type BillScope,
  BUDGETS_LAG_MS,
  type DayReading,
  type DayReadings,
  modelLabel,
  modelQuery,
  type ModelReading,
  provesTag,
  readBill,
  readDailyModels,
  readModels,
} from './bill';
export { type Estimate, forecastMonth, usualDay } from './forecast';
export type {
  BudgetActionReading,
  BudgetActionStatus,
  BudgetReading,
  BudgetsPort,
  CalculatedSpend,
  CalculatedSpendPort,
  CostAllocationTagsPort,
  CostAnswer,
  CostExplorerPort,
  CostGroup,
  CostQuery,
  CostRow,
  TagStatus,
} from './ports';
