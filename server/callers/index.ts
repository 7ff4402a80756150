export { authorization, type Authorized, type Claim } from './authorization';
export { callerDirectory, type CallerDirectory, type CallerOf } from './directory';
