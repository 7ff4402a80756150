export { invocationLog } from './invocation-log';
export { logGroups } from './log-groups';
