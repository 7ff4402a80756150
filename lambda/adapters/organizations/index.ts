export { brakePolicy } from './brake-policy';
