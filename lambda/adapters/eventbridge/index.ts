export { decisionEvents } from './decision-events';
