export { secretsManagerSecrets } from './secrets';
