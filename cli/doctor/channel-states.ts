import type { EnvironmentConfig } from '../../config';
import { type ChannelState, troubleFix } from '../../core/channels';
import type { Answer } from '../../core/health';
import type { DeployedFunction } from '../../core/enforcement';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';
import { NO_HEALTH_CHECK } from './held';

type Channel = EnvironmentConfig['channels'][number];

/** How the deployed guard stands with each channel: what it alone can know, since it has sent something there. */
export async function channelStates(
  ask: Ask,
  services: Services,
  { channels }: EnvironmentConfig,
  check: DeployedFunction | undefined,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  if (channels.length === 0) {
    look.skip('channelStates', 'notConfigured', 'the config names no channel');
    return [];
  }
  const table = check?.variables['STATE_TABLE_NAME'];
  if (table === undefined) {
    look.skip('channelStates', 'notDeployed', NO_HEALTH_CHECK);
    return [];
  }
  const diagnoses: Diagnosis[] = [];
  for (const channel of channels) {
    diagnoses.push(stateOf(channel, await ask(() => services.channelStates(table).state(channel.name))));
  }
  return diagnoses;
}

function stateOf(channel: Channel, answer: Answer<ChannelState | undefined>): Diagnosis {
  const base = { check: 'channel', subject: channel.name } as const;
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const trouble = answer.value?.trouble;
  if (trouble === undefined) return { ...base, status: 'ok', detail: 'the guard has no trouble with it on record' };
  const since = `${new Date(trouble.since).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return {
    ...base,
    // What does not answer may come back by itself.
    status: trouble.code === 'away' ? 'warning' : 'failed',
    detail: `the guard cannot tell it since ${since}: ${trouble.why}`,
    fix: troubleFix(trouble.code, channel),
  };
}
