export { https } from './send';
