import * as z from 'zod';
import type { EnvironmentConfig } from '../../config';
import { utcTime } from '../../core/calendar';
import { CHAT_KINDS, type ChannelState, troubleFix } from '../../core/channels';
import type { DeployedFunction } from '../../core/enforcement';
import { type Answer, problemWords } from '../../core/health';
import type { Looked } from '../looked/looked';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';

type Channel = EnvironmentConfig['channels'][number];

/** What it says of its topics names the chats that it was deployed with. Without a chat it is no variable. */
const chatTopics = z.record(z.string(), z.string());

/** How the deployed guard stands with each channel: what it alone can know, since it has sent something there. */
export async function channelStates(
  ask: Ask,
  services: Services,
  { channels }: EnvironmentConfig,
  functions: Answer<readonly DeployedFunction[]>,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  if (channels.length === 0) {
    look.skip('channelStates', 'notConfigured', 'the config names no channel');
    return [];
  }
  if (functions.kind === 'unavailable') {
    look.skip('channelStates', 'unanswered', `what is deployed is not known: ${problemWords(functions.problem)}`);
    return [];
  }
  const teller = functions.value.find(({ feature }) => feature === 'channels');
  const table = teller?.variables['STATE_TABLE_NAME'];
  if (teller === undefined || table === undefined) {
    look.skip('channelStates', 'notDeployed', 'no deployed function that tells channels was found');
    return [];
  }
  const chats = chatsOf(teller);
  const diagnoses: Diagnosis[] = [];
  for (const channel of channels) {
    const answer = await ask(() => services.channelStates(table).state(channel.name));
    diagnoses.push(stateOf(channel, answer, chats.includes(channel.name)));
  }
  return diagnoses;
}

function chatsOf({ variables }: DeployedFunction): readonly string[] {
  try {
    return Object.keys(chatTopics.parse(JSON.parse(variables['CHAT_TOPIC_ARNS'] ?? '{}')));
  } catch {
    return [];
  }
}

/** @param isDeployedChat of a chat nothing is written down until something is wrong: the function's own topics name it */
function stateOf(channel: Channel, answer: Answer<ChannelState | undefined>, isDeployedChat: boolean): Diagnosis {
  const base = { check: 'channel', subject: channel.name } as const;
  if (answer.kind === 'unavailable') return unknown(base.check, base.subject, answer.problem);
  const isKnown = answer.value !== undefined || (CHAT_KINDS.includes(channel.kind) && isDeployedChat);
  if (!isKnown) {
    const detail = 'the deployed guard has no record of it yet: deploy, or wait for its next run';
    return { ...base, status: 'expected', detail };
  }
  const trouble = answer.value?.trouble;
  if (trouble === undefined) return { ...base, status: 'ok', detail: 'the guard has no trouble with it on record' };
  const since = utcTime(trouble.since);
  return {
    ...base,
    // What does not answer may come back by itself.
    status: trouble.code === 'away' ? 'warning' : 'failed',
    detail: `the guard cannot tell it since ${since}: ${trouble.why}`,
    fix: troubleFix(trouble.code, channel),
  };
}
