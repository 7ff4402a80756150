export { type CostCheckVariables, parseCostCheckEnv } from './env';
export { makeHandler } from './handler';
