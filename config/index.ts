export { MAX_OF_A_KIND } from './bill-action';
export { budgetedServices } from './bedrock-services';
export { type BriefEnvironment, DEFAULTS, withDefaults } from './defaults';
export { guardAt } from './files';
export type {
  AssumableBy,
  ConfiguredBudget,
  EndpointConfig,
  EnvironmentConfig,
  GuardConfig,
  IamEntity,
  Notice,
  ResolvedModel,
  ShownEnvironment,
} from './guard-config';
export { loadGuard } from './load';
export { ASSUMED } from './meter';
export { smallModelIds } from './model-tiers';
export { catalogue, findModel } from './models';
export { isListPrice, libraryModels, libraryPrice, libraryPrices, PRICE_LIBRARY, splitId } from './price-library';
export { ConfigError, type Problem, SHIPPED_CONFIG } from './problems';
export { unchangeable } from './reserved-roles';
export { calledId } from './resolve-models';
export {
  accountBudgetOf,
  alarmName,
  budgetName,
  dashboardName,
  ENVIRONMENT_NAME,
  inferenceProfileName,
  PROFILE_LABEL_LENGTH,
  scheduleGroupName,
  stackName,
} from './resource-names';
export { defineGuard, type GuardInput, guardSchema } from './schema';
