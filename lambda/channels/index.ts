export type { ChannelsVariables } from './env';
