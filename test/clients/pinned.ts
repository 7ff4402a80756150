/** Of each package that an application shares with the plugin, the oldest version in the plugin's range. */
export const OLDEST = {
  '@aws-sdk/client-bedrock-runtime': '3.1000.0',
  '@aws-sdk/client-dynamodb': '3.1000.0',
  '@aws-sdk/lib-dynamodb': '3.1000.0',
  // The first one with `Uint8ArrayBlobAdapter` in its `serde`.
  '@smithy/core': '3.24.0',
  'lru-cache': '11.5.3',
} as const;

/** And those that the plugin is built and tested with: the newest on 2026-11-28, but for @smithy/core. */
export const NEWEST = {
  '@aws-sdk/client-bedrock-runtime': '3.1164.0',
  '@aws-sdk/client-dynamodb': '3.1164.0',
  '@aws-sdk/lib-dynamodb': '3.1162.0',
  '@smithy/core': '3.41.0',
  'lru-cache': '11.5.3',
} as const;
