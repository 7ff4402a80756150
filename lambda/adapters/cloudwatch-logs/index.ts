export { invocationLog } from './invocation-log';
