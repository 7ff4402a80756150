export { snsChat } from './chat';
export { SnsMail } from './mail';
export { snsSubscriptions } from './subscriptions';
