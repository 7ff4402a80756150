export { authorization } from './authorization';
export { callerDirectory } from './directory';
