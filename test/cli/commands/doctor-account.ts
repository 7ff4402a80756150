import type { NotTouched } from '../../../cli/looked/not-touched';
import { freshState } from '../../../core/channels';
import { ServiceError } from '../../../core/errors';
import { AVAILABLE, type FakeModel } from '../../../simulator/fakes/health-services';
import { CliWorld } from '../world';

export const CONFIG = ['--config', 'test/fixtures/told-everywhere.ts'];
export const ROLE = 'arn:aws:iam::111122223333:role/SpendGuard-dev-Channels';
const ALERTS = 'arn:aws:sns:us-east-1:111122223333:spend-guard';
export const LOG = '/bedrock/invocations';
export const TAG = 'iamPrincipal/team';
export const DENIED = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
export const OWNER = 'ti@dadosfera.ai';
export const FINANCE = 'finance@example.com';

/** Of the form of each kind, made up. */
export const SECRETS = {
  bot: `xoxb-${'1'.repeat(12)}`,
  hook: `https://hooks.slack.example/${'2'.repeat(24)}`,
  flow: `https://flow.example/${'3'.repeat(24)}`,
  onCall: 'a4'.repeat(16),
  ownTool: `whsec_${'5'.repeat(32)}`,
};

/** An account in which all that the fixture names is in order. */
export function account(): CliWorld {
  const world = new CliWorld();
  const models = world.health.aws.settings.models as FakeModel[];
  models.push({
    ...{ id: 'qwen.qwen3-coder-next', callAs: 'x', inputTokens: 1, lifecycle: { status: 'active' } },
    availability: AVAILABLE,
  });
  world.health.aws.appliedQuotas = ['Amazon Nova Lite', 'Amazon Nova Pro', 'Meta Llama 3.1 70B Instruct'].map(
    (name) => ({ name: `On-demand InvokeModel tokens per minute for ${name}`, value: 1000 }),
  );
  world.health.aws.subscriptions = [OWNER, FINANCE].map((address) => ({ address, state: 'confirmed' as const }));
  world.deployed.push({
    ...{ name: 'SpendGuard-dev-Tell', feature: 'channels' },
    variables: {
      STATE_TABLE_NAME: 'state',
      CHAT_TOPIC_ARNS: JSON.stringify({ chat: `${ALERTS}-chat`, board: `${ALERTS}-board` }),
    },
  });
  // As its first run leaves them: of a chat nothing is written down.
  for (const name of ['bot', 'hook', 'flow', 'on-call', 'own-tool']) {
    world.channelStates.states.set(name, { ...freshState(name), revision: 1, checkedAt: 1 });
  }
  world.stacks = { 'SpendGuard-dev': { ChannelsRoleArn: ROLE } };
  world.parameters.put('/spend-guard/slack-bot', SECRETS.bot);
  world.storedSecrets.put('spend-guard/slack-hook', SECRETS.hook);
  world.parameters.put('/spend-guard/teams-flow', SECRETS.flow);
  world.storedSecrets.put('spend-guard/pagerduty', SECRETS.onCall);
  world.parameters.put('/spend-guard/signing', SECRETS.ownTool);
  world.hosts.set('hooks.example.com', ['203.0.113.7']);
  world.sesSetup.identities.set('example.com', { kind: 'verified' });
  world.logGroups.groups.set(LOG, { logClass: 'STANDARD', retentionDays: 30 });
  world.invocationLogging.set = { logGroup: LOG, isTextDelivered: true };
  return world;
}

export interface Found {
  readonly check: string;
  readonly subject: string;
  readonly status: string;
  readonly detail: string;
  readonly fix?: string;
  readonly who?: string;
}

export const OURS = /^(channel|ses-|invocation-|principal-tag)/;

export async function examined(world: CliWorld) {
  const { exitCode, json, stdout, stderr } = await world.run('doctor', '--env', 'dev', ...CONFIG, '--json');
  const { findings, notTouched } = json().environments[0] as unknown as { findings: Found[]; notTouched: NotTouched[] };
  const ours = findings.filter(({ check }) => OURS.test(check));
  const of = (check: string, subject: string) => ours.filter((one) => one.check === check && one.subject === subject);
  const why = (what: string) => notTouched.find((one) => one.what === what);
  return { exitCode, findings, ours, of, why, said: stdout + stderr };
}
