export { ssmSecrets } from './secrets';
