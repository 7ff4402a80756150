import { setMaxListeners } from 'node:events';

/** A signal that never aborts, for a world in which nothing takes time. One for all: a signal is dear to make. */
export const NEVER: AbortSignal = new AbortController().signal;
// Everybody who waits at the same time listens to it.
setMaxListeners(0, NEVER);
