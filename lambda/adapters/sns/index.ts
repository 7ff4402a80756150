export { SnsMail } from './mail';
export { snsSubscriptions } from './subscriptions';
