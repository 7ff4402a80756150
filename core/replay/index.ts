export type { ReplayLines } from './lines';
export { type Replay, replay } from './replay';
export { COMPONENTS, noTokens, type Tokens } from './tokens';
export { UsageTable } from './usage-table';
export type { PricedModel, UsageRow } from './usage';
