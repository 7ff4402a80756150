export { type AutoStopVariables, parseAutoStopEnv } from './env';
export { makeHandler } from './handler';
