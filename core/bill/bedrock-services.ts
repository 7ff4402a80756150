/**
 * Bedrock's names on a bill (the SERVICE dimension), as seen in the shared AWS facts of November 2026. `Amazon Bedrock`
 * alone misses most model spend (trap 1).
 */
export const BEDROCK_SERVICE_NAMES = [
  'Amazon Bedrock',
  'Amazon Bedrock Service',
  'Amazon Bedrock AgentCore',
  'AmazonBedrockFoundationModels',
] as const;

/** Under what a model sold through AWS Marketplace is billed, by the pattern of the same source. */
export function marketplaceServiceName(modelName: string): string {
  return `${modelName} (Amazon Bedrock Edition)`;
}

/** For whoever reads a bill: every name that belongs to Bedrock, known or not. */
export function isBedrockService(service: string): boolean {
  return /bedrock/i.test(service);
}
