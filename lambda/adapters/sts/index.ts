export { sts, type TemporaryCredentials } from './identity';
