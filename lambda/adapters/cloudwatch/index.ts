export { alarms } from './alarms';
export { EmfMetrics } from './emf';
export { invocations } from './invocations';
export { listedSeries } from './listed-series';
export { usageMetrics } from './usage-metrics';
