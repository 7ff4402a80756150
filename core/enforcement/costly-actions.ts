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

export interface Classification {
  readonly costs: boolean;
  /** The verb or the exception that decided. */
  readonly rule: string;
}

/** Reading, ending and clearing up: free in all of them, and what a stopped team must still be able to do. */
const ALWAYS_FREE = [
  ...['Get', 'List', 'Stop', 'Delete', 'BatchDelete', 'Cancel', 'End', 'Archive', 'Deregister'],
  ...['Tag', 'Untag', 'Disassociate', 'Count', 'Validate', 'Check', 'Export'],
];

/** Setting things up, which AWS does not charge for by itself. `Create` is not here: see `FREE_TO_CREATE`. */
const FREE_SETTINGS = [
  ...['Update', 'Put', 'Allow', 'Associate', 'Copy', 'Prepare', 'Register', 'Render', 'Add', 'External'],
  ...['Complete', 'Gateway', 'Manage', 'Pass', 'Save', 'Set', 'Submit', 'Synchronize', 'BatchPut', 'BatchUpdate'],
];

const COSTLY_VERBS = [
  ...['Invoke', 'Start', 'Retrieve', 'AgenticRetrieve', 'Rerank', 'Generate', 'Optimize', 'Apply', 'Detect', 'Ingest'],
  ...['CallWithBearerToken', 'Connect', 'Evaluate', 'Process', 'BatchCreate', 'Search'],
];

/** What running or keeping costs by the token, the hour or the job, as AWS's price pages list it; other things are free to make. */
const COSTLY_TO_CREATE: Readonly<Record<string, RegExp>> = {
  bedrock:
    /^Create(.*Job|CustomModel|CustomModelDeployment|MarketplaceModelEndpoint|FoundationModelAgreement|ProvisionedModelThroughput)$/,
  'bedrock-mantle': /^Create(CustomizedModel|FineTuningJob|Inference|Reservation)$/,
  'bedrock-agentcore':
    /^Create(ABTest|AgentRuntime|AgentRuntimeEndpoint|CapacityProvider|Event|Harness|HarnessEndpoint|Memory|OnlineEvaluationConfig|PaymentSession)$/,
};

const FREE_TO_CREATE: Readonly<Record<string, RegExp>> = {
  'bedrock-mantle': /^Create(File|Project)$/,
  bedrock:
    /^Create(Agent.*|AutomatedReasoningPolicy.*|Blueprint.*|DataAutomation.*|DataSource.*|Flow.*|Guardrail.*|InferenceProfile|Invocation|KnowledgeBase|Prompt.*|Session)$/,
  'bedrock-agentcore':
    /^Create(ApiKeyCredentialProvider|Browser|BrowserProfile|CodeInterpreter|ConfigurationBundle|ConsentPortal|Dataset|DatasetVersion|Evaluator|Gateway|GatewayRateLimit|GatewayRule|GatewayTarget|Oauth2CredentialProvider|PaymentConnector|PaymentCredentialProvider|PaymentInstrument|PaymentManager|Policy|PolicyEngine|Registry|RegistryRecord|WorkloadIdentity)$/,
};

/**
 * Free by itself and still denied, each with the reason. Nothing else that is free may be denied, and nothing here may be
 * needed to look, to stop or to clear up.
 */
export const DENIED_THOUGH_FREE: Readonly<Record<string, string>> = {
  'bedrock-mantle:CreateProject':
    'Create* is how Mantle spends: a way to run a model that AWS adds is denied from its first day',
  'bedrock-mantle:CreateFile': 'the same wildcard; a file is the input of a fine-tuning job, which is denied too',
};

/** Against the verb's rule, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, Classification>> = {
  'bedrock:UpdateProvisionedModelThroughput': { costs: true, rule: 'can move to a dearer model' },
  'bedrock:UpdateMarketplaceModelEndpoint': { costs: true, rule: 'can add instances' },
  'bedrock:UpdateCustomModelDeployment': { costs: true, rule: 'can deploy another model' },
  'bedrock-mantle:UpdateReservation': { costs: true, rule: 'can enlarge what was reserved' },
  // Priced by the request; the gateway asks once for each tool call.
  'bedrock-agentcore:AuthorizeAction': { costs: true, rule: 'AgentCore Policy is billed by the authorization' },
  'bedrock-agentcore:PartiallyAuthorizeActions': {
    costs: true,
    rule: 'AgentCore Policy is billed by the authorization',
  },
  'bedrock-agentcore:UpdateOnlineEvaluationConfig': { costs: true, rule: 'can switch an evaluation on, or widen it' },
  'bedrock-agentcore:UpdateCapacityProvider': { costs: true, rule: 'can add capacity' },
};

/**
 * Whether an action costs money, by its verb or as an exception. `undefined` for a name that no rule covers: a person must
 * look at it, and the test over the IAM table fails until somebody has.
 * @param action `service:Action`
 */
export function classify(action: string): Classification | undefined {
  const exception = EXCEPTIONS[action];
  if (exception) return exception;
  const colon = action.indexOf(':');
  const [service, name] = [action.slice(0, colon), action.slice(colon + 1)];
  const startsWith = (verbs: readonly string[]) => verbs.find((verb) => name.startsWith(verb));
  const free = startsWith(ALWAYS_FREE) ?? startsWith(FREE_SETTINGS);
  if (free !== undefined) return { costs: false, rule: `${free}*` };
  const costly = startsWith(COSTLY_VERBS);
  if (costly !== undefined) return { costs: true, rule: `${costly}*` };
  if (COSTLY_TO_CREATE[service]?.test(name)) return { costs: true, rule: 'runs or is kept at a price' };
  if (FREE_TO_CREATE[service]?.test(name)) return { costs: false, rule: 'free to make' };
  return undefined;
}
