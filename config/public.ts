export { defineGuard, type GuardInput } from './schema';
