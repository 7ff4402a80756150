/**
 * Which IAM actions of Bedrock cost money, under its four prefixes: the deny policies' list, by verb, so that an action
 * that AWS adds tomorrow is denied too, and the list fits the 6,144 characters of a managed policy (about 190 names would
 * be over 7,000; trap 40).
 *
 * Get, List, Stop and Delete are never denied: a stop must not keep anybody from looking or cleaning up.
 */
export const COSTLY_ACTIONS = [
  'bedrock:Invoke*',
  'bedrock:Start*',
  'bedrock:Create*Job',
  'bedrock:CreateCustomModel*',
  'bedrock:CreateMarketplaceModelEndpoint',
  'bedrock:CreateFoundationModelAgreement',
  'bedrock:CreateProvisionedModelThroughput',
  'bedrock:UpdateProvisionedModelThroughput',
  'bedrock:UpdateMarketplaceModelEndpoint',
  'bedrock:UpdateCustomModelDeployment',
  'bedrock:Retrieve*',
  'bedrock:AgenticRetrieveStream',
  'bedrock:Rerank',
  'bedrock:GenerateQuery',
  'bedrock:OptimizePrompt',
  'bedrock:ApplyGuardrail',
  'bedrock:DetectGeneratedContent',
  'bedrock:IngestKnowledgeBaseDocuments',
  'bedrock:CallWithBearerToken',
  'bedrock-mantle:Create*',
  'bedrock-mantle:UpdateReservation',
  'bedrock-mantle:CallWithBearerToken',
  'bedrock-agentcore:Invoke*',
  'bedrock-agentcore:Start*',
  'bedrock-agentcore:Connect*',
  'bedrock-agentcore:AuthorizeAction',
  'bedrock-agentcore:PartiallyAuthorizeActions',
  'bedrock-agentcore:Evaluate',
  'bedrock-agentcore:ProcessPayment',
  'bedrock-agentcore:CreateABTest',
  'bedrock-agentcore:CreateAgentRuntime*',
  'bedrock-agentcore:CreateCapacityProvider',
  'bedrock-agentcore:CreateEvent',
  'bedrock-agentcore:CreateHarness*',
  'bedrock-agentcore:CreateMemory',
  'bedrock-agentcore:CreateOnlineEvaluationConfig',
  'bedrock-agentcore:CreatePaymentSession',
  'bedrock-agentcore:BatchCreateMemoryRecords',
  'bedrock-agentcore:RetrieveMemoryRecords',
  'bedrock-agentcore:SearchRegistryRecords',
  'bedrock-agentcore:UpdateCapacityProvider',
  'bedrock-agentcore:UpdateOnlineEvaluationConfig',
  'bedrock-websearch:Invoke*',
] as const;

/** What the meter and the in-path plugin can price: IAM's two names for a call of a model. */
export const INVOKE_ACTIONS = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] as const;

/**
 * What the degraded version of the switch denies on everything but small models. The whole verb: of all that it names, only calls
 * of models are ever made on a model, and what AWS adds to it is denied from its first day.
 */
export const INVOKE_VERB = 'bedrock:Invoke*';

/**
 * What the degraded version denies on everything: all that costs but the verb above and the token of an API key, without which the
 * key could call no small model either. What a call behind the token may do, its own action decides.
 */
export const COSTLY_BESIDES_MODELS: readonly string[] = COSTLY_ACTIONS.filter(
  (action) => action !== INVOKE_VERB && action !== 'bedrock:CallWithBearerToken',
);
