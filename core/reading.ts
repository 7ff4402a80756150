/** What was asked for, or why nobody knows it: unknown is never a value. */
export type Reading<T> =
  { readonly kind: 'known'; readonly value: T } | { readonly kind: 'unavailable'; readonly why: string };
