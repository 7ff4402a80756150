export { applicationProfiles } from './application-profiles';
export { batchJobs } from './batch-jobs';
export { bedrock } from './model-access';
export { temporaryProfiles } from './temporary-profiles';
