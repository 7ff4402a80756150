export { sts, type TemporaryCredentials } from './identity';
export { openSessions } from './open-session';
