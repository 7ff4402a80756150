export { alarms } from './alarms';
export { EmfMetrics } from './emf';
export { invocations } from './invocations';
export { usageMetrics } from './usage-metrics';
