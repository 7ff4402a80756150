/** What is used here of js-yaml, which ships no types. */
declare module 'js-yaml' {
  export function load(text: string): unknown;
}
