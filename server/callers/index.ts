export { authorization, type Authorized, type Claim, type NotAuthorized } from './authorization';
export { callerDirectory, type CallerDirectory, type CallerOf } from './directory';
