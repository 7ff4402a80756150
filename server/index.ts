export { startServer } from './start';
export type { CallerDirectory, CallerOf, ServeOptions, Serving } from './options';
export type { Limits } from './limits';
