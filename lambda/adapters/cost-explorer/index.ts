export { CostExplorerAdapter } from './cost-explorer';
