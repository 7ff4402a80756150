export { decisionEvents } from './decision-events';
export { standingEvents } from './standing-events';
