/** Of each package that an application shares with the plugin, the oldest version in the plugin's range. */
export const OLDEST = {
  '@aws-sdk/client-bedrock-runtime': '3.1000.0',
  '@aws-sdk/client-dynamodb': '3.1000.0',
  '@aws-sdk/lib-dynamodb': '3.1000.0',
  // npm installs a newer one than the SDK of that day had: the SDK's own ranges ask for it.
  '@smithy/core': '3.41.0',
} as const;

/** And those that the plugin is built and tested with: the newest SDK on 2026-11-28. */
export const NEWEST = {
  '@aws-sdk/client-bedrock-runtime': '3.1164.0',
  '@aws-sdk/client-dynamodb': '3.1164.0',
  '@aws-sdk/lib-dynamodb': '3.1162.0',
  '@smithy/core': '3.41.0',
} as const;

/** For the compiler of an application. */
export const TYPES = { '@types/node': '20.19.43' } as const;

/** LangChain of 2026-11-28. */
export const LANGCHAIN = { '@langchain/aws': '1.4.5', '@langchain/core': '1.4.0' } as const;

/** Strands and LlamaIndex of 2026-11-28. */
export const AGENTS = {
  '@llamaindex/aws': '0.0.121',
  '@llamaindex/core': '0.6.23',
  '@llamaindex/env': '0.1.31',
  '@smithy/node-http-handler': '4.14.2',
  '@strands-agents/sdk': '1.19.0',
} as const;
