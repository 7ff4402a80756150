/**
 * Which actions of Bedrock cost, by rules of verbs: what the deny policies' list is held against, so that an
 * action that AWS adds is classified by a person before the list is taken to cover it.
 */

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

/** They cost, against the verb's rule, each for the reason. */
const COSTLY_EXCEPTIONS: Readonly<Record<string, string>> = {
  'bedrock:UpdateProvisionedModelThroughput': 'can move to a dearer model',
  'bedrock:UpdateMarketplaceModelEndpoint': 'can add instances',
  'bedrock:UpdateCustomModelDeployment': 'can deploy another model',
  'bedrock-mantle:UpdateReservation': 'can enlarge what was reserved',
  // Priced by the request; the gateway asks once for each tool call.
  'bedrock-agentcore:AuthorizeAction': 'AgentCore Policy is billed by the authorization',
  'bedrock-agentcore:PartiallyAuthorizeActions': 'AgentCore Policy is billed by the authorization',
  'bedrock-agentcore:UpdateOnlineEvaluationConfig': 'can switch an evaluation on, or widen it',
  'bedrock-agentcore:UpdateCapacityProvider': 'can add capacity',
};

/**
 * Whether an action costs money, by its verb or as an exception. `undefined` for a name that no rule covers: a person must
 * look at it, and the test over the IAM table fails until somebody has.
 * @param action `service:Action`
 */
export function costs(action: string): boolean | undefined {
  if (action in COSTLY_EXCEPTIONS) return true;
  const colon = action.indexOf(':');
  const [service, name] = [action.slice(0, colon), action.slice(colon + 1)];
  const startsWith = (verbs: readonly string[]) => verbs.some((verb) => name.startsWith(verb));
  if (startsWith(ALWAYS_FREE) || startsWith(FREE_SETTINGS)) return false;
  if (startsWith(COSTLY_VERBS) || COSTLY_TO_CREATE[service]?.test(name)) return true;
  return FREE_TO_CREATE[service]?.test(name) ? false : undefined;
}
