export { type HealthCheckEnv, type HealthCheckVariables, parseHealthCheckEnv } from './env';
export { makeHandler } from './handler';
