export { applicationProfiles } from './application-profiles';
export { batchJobs } from './batch-jobs';
export { invocationLogging } from './invocation-logging';
export { bedrock } from './model-access';
export { temporaryProfiles } from './temporary-profiles';
