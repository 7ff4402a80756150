export { MAX_OF_A_KIND } from './bill-action';
export { budgetedServices } from './bedrock-services';
export { kindOfHost } from './channels-check';
export { type BriefEnvironment, DEFAULTS, withDefaults } from './defaults';
export { guardAt, organizationAt } from './files';
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
export {
  appPlace,
  deployCommand,
  linkImports,
  placeOf,
  SHIPPED_CONFIG,
  SHIPPED_ORGANIZATION,
  usualConfig,
  usualOrganization,
} from './home';
export {
  type AnswerProblem,
  answerProblems,
  type InitAnswers,
  initInput,
  type InitModule,
  type InitQuestion,
  initText,
} from './init';
export { proposedLimitUsd } from './init-limit';
export { loadGuard } from './load';
export { ASSUMED } from './meter';
export { smallModelIds } from './model-tiers';
export { catalogue, findModel } from './models';
export { ONE_CLICK, ONE_CLICK_MODELS, oneClickGuard } from './one-click';
export { isListPrice, libraryModels, libraryPrice, libraryPrices, PRICE_LIBRARY, splitId } from './price-library';
export { nearestKey, orDidYouMean } from './nearest-key';
export { ConfigError, type Problem } from './problems';
export { isLoopbackAddress, isPublicHost } from './public-address';
export { domainOf, sesIdentities } from './report-html';
export { unchangeable } from './reserved-roles';
export { type AccountConfig, loadOrganization, type OrganizationConfig } from './organization';
export { organizationSchema } from './organization-schema';
export { calledId } from './resolve-models';
export {
  accountBudgetOf,
  alarmName,
  budgetName,
  chatConfigurationName,
  dashboardName,
  ENVIRONMENT_NAME,
  HUB_BUS_NAME,
  hubBucketName,
  hubRuleName,
  inferenceProfileName,
  ORGANIZATION_HUB,
  PROFILE_LABEL_LENGTH,
  scheduleGroupName,
  stackName,
} from './resource-names';
export { defineGuard, type GuardInput, guardSchema } from './schema';
