const unheard = () => undefined;

/**
 * A signal that never aborts, for a world in which nothing takes time. One for all, as a signal is dear to make; and whoever
 * listens is not noted down, as a check asks dozens of questions and each would be.
 */
export const NEVER: AbortSignal = Object.assign(new AbortController().signal, {
  addEventListener: unheard,
  removeEventListener: unheard,
});
