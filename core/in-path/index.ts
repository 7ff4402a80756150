export { type Bounds, mostItCosts } from './amount';
export {
  CLIENT_CONFIG_VARIABLE,
  type ClientConfig,
  complete,
  type CompleteClientConfig,
  type CompleteClientModel,
  type FailMode,
  type InPathConfig,
  isStackOutput,
  type StackOutput,
} from './config';
export { judge, refusesInStream } from './failures';
export { httpRoute } from './http-route';
export { withInvokeOptions } from './inputs';
export { invokeBody, type InvokeBody, refusedFamily } from './invoke-body';
export { list, record, text } from './json';
export { answerLimit, type AnswerLimit } from './limit';
export { type ModelNames, modelNames, targetOf } from './models';
export { isConverse, isStream, kindOf, type MeteredOperation } from './operations';
export type { Refusal, RefusalCode } from './refusal';
export { converseShape, type RequestShape } from './request';
export { type Candidate, DEFAULT_TIER_LIMITS, ladder, type Tier, tierFor, type TierLimits } from './routing';
export { asksForVariety } from './sampling';
export { stopReasons } from './stop-reasons';
export { fieldTwice } from './twice';
export { unbilled } from './unbilled';
export {
  answerCost,
  type AnswerUsage,
  bodyCounts,
  converseCounts,
  type Counts,
  embeddingUsage,
  headerCounts,
  isLastCount,
  larger,
  told,
  type Told,
} from './usage';
export { WholeAnswer } from './whole-answer';
