export { estimates, type Estimates, ESTIMATES_METADATA, FINGERPRINT } from './assembly-metadata';
export { mostACall } from './most-a-call';
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
  ASSUMED_TICK_WRITES,
  guardItself,
  SELF_COST_GOALS,
  selfCost,
  type SelfCostColumns,
  type SelfCostCounts,
  selfCostLines,
  selfCostTotal,
} from './self-cost';
