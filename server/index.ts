export type { ConfigSource } from '../client/index';
export { startServer } from './start';
export type { CallerDirectory, CallerOf } from './callers';
export type { Limits } from './limits';
export type { ServeOptions, Serving } from './options';
