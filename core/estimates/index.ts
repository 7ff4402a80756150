export { estimates, type Estimates, ESTIMATES_METADATA, FINGERPRINT } from './assembly-metadata';
export { endpointCostLines, type EndpointCounts } from './endpoint-cost';
export { hubCostLines, type HubCostCounts } from './hub-cost';
export {
  mustAcknowledge,
  type Overshoot,
  overshoot,
  type OvershootAssumptions,
  overshootLines,
  type Reaction,
  reactionMinutes,
  worstCaseRate,
} from './overshoot';
export {
  ASSUMED_RUN_SECONDS,
  ASSUMED_TICK_SECONDS,
  busyInSmallCalls,
  guardItself,
  SELF_COST_GOALS,
  ASSUMED_SAID_KB,
  BUSY_CALL,
  selfCost,
  type SelfCostColumns,
  type SelfCostCounts,
  selfCostLines,
  selfCostTotal,
} from './self-cost';
export { spendersCostLines } from './spenders-cost';
