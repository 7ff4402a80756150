/** Never denied, whatever they are called on: a stopped team can look, end and clear up. */
export const NEVER_DENIED = ['Get', 'List', 'Stop', 'Delete'];

/** Besides those, what costs nothing by its verb, with the reason. Whatever else there is costs, unless it stands in FREE. */
export const FREE_VERBS: Readonly<Record<string, string>> = {
  BatchDelete: 'clears up',
  Cancel: 'ends what runs',
  End: 'ends what runs',
  Archive: 'ends what is kept',
  Deregister: 'ends what is kept',
  Disassociate: 'takes apart',
  Tag: 'a label',
  Untag: 'a label',
  Update: 'changes what exists; its use is denied, and what can grow by an update stands in SPENDS_BY_UPDATE',
  Put: 'sets a policy, a limit or a log; nothing runs',
  Validate: 'looks at a draft',
  Check: 'looks at a permission',
};

/** These updates make something larger or run it. */
export const SPENDS_BY_UPDATE = [
  'bedrock:UpdateProvisionedModelThroughput',
  'bedrock:UpdateMarketplaceModelEndpoint',
  'bedrock:UpdateCustomModelDeployment',
  'bedrock-mantle:UpdateReservation',
  'bedrock-agentcore:UpdateCapacityProvider',
  'bedrock-agentcore:UpdateOnlineEvaluationConfig',
];

/** Each by name, under the reason why it costs nothing, or too little to be stopped for. */
export const FREE: Readonly<Record<string, readonly string[]>> = {
  'counts or renders text, without a model': [
    'bedrock:CountTokens',
    'bedrock:RenderPrompt',
    'bedrock-mantle:CountTokens',
  ],
  'a definition: what runs it is denied': [
    ...['CreateAgent', 'CreateAgentActionGroup', 'CreateAgentAlias', 'PrepareAgent', 'AssociateAgentCollaborator'],
    ...['AssociateAgentKnowledgeBase', 'CreateFlow', 'CreateFlowAlias', 'CreateFlowVersion', 'PrepareFlow'],
    ...['CreatePrompt', 'CreatePromptVersion', 'CreatePromptRouter', 'CreateGuardrail', 'CreateGuardrailVersion'],
    ...['CreateBlueprint', 'CreateBlueprintVersion', 'CopyBlueprintStage', 'CreateDataAutomationProject'],
    ...['CreateDataAutomationLibrary', 'CreateInferenceProfile', 'CreateAutomatedReasoningPolicy'],
    ...['CreateAutomatedReasoningPolicyTestCase', 'CreateAutomatedReasoningPolicyVersion'],
    ...['ExportAutomatedReasoningPolicyVersion'],
  ].map((name) => `bedrock:${name}`),
  'a knowledge base without content: filling and asking it are denied, its vector store is billed by another service': [
    'bedrock:CreateKnowledgeBase',
    'bedrock:CreateDataSource',
    'bedrock:CreateDataSourceToken',
    'bedrock:AssociateThirdPartyKnowledgeBase',
  ],
  'keeps the notes of a session, which Bedrock does not bill': ['bedrock:CreateSession', 'bedrock:CreateInvocation'],
  'registers an endpoint that runs already': ['bedrock:RegisterMarketplaceModelEndpoint'],
  'lets a log be delivered': [
    'bedrock:AllowVendedLogDeliveryForResource',
    'bedrock-agentcore:AllowVendedLogDeliveryForResource',
  ],
  'names a customized model that exists': ['bedrock-mantle:AssociateCustomizedModel'],
  'opens the web to a search, which is itself denied': ['bedrock-websearch:ExternalWebAccess'],
  'an agent’s tools and their settings: sessions and calls are denied': [
    ...['CreateBrowser', 'CreateBrowserProfile', 'SaveBrowserSessionProfile', 'CreateCodeInterpreter'],
    ...[
      'CreateConfigurationBundle',
      'CreateConsentPortal',
      'CreateDataset',
      'CreateDatasetVersion',
      'AddDatasetExamples',
    ],
    ...['CreateEvaluator', 'CreatePolicy', 'CreatePolicyEngine', 'CreateRegistry', 'CreateRegistryRecord'],
    ...['SubmitRegistryRecordForApproval', 'BatchUpdateMemoryRecords'],
  ].map((name) => `bedrock-agentcore:${name}`),
  'a gateway, billed by the call, which is denied': [
    ...['CreateGateway', 'CreateGatewayRateLimit', 'BatchPutGatewayRateLimits', 'CreateGatewayRule'],
    ...['GatewayAssociateWebACL', 'GatewayDisassociateWebACL', 'GatewayGetWebACLForResource'],
    ...['GatewayListResourcesForWebACL'],
  ].map((name) => `bedrock-agentcore:${name}`),
  'puts a gateway’s tools into its search index: $0.02 a month for 100 of them': [
    'bedrock-agentcore:CreateGatewayTarget',
    'bedrock-agentcore:SynchronizeGatewayTargets',
  ],
  'an identity or a credential': [
    ...['CreateApiKeyCredentialProvider', 'CreateOauth2CredentialProvider', 'CreateWorkloadIdentity'],
    ...['CompleteResourceTokenAuth', 'SetTokenVaultCMK', 'ManageAdminPolicy', 'ManageResourceScopedPolicy'],
    'PassCapacityProvider',
  ].map((name) => `bedrock-agentcore:${name}`),
  'a way to pay: payments and their sessions are denied': [
    ...['CreatePaymentConnector', 'CreatePaymentCredentialProvider', 'CreatePaymentInstrument', 'CreatePaymentManager'],
  ].map((name) => `bedrock-agentcore:${name}`),
};

/** Free, and denied all the same: a verb that spends is denied with whatever AWS adds to it. */
export const DENIED_THOUGH_FREE = ['bedrock-mantle:CreateFile', 'bedrock-mantle:CreateProject'];
