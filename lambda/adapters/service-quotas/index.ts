export { serviceQuotas } from './quotas';
