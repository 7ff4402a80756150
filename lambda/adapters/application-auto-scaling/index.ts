export { applicationAutoScaling } from './scaling';
