import type { Channel, SecretPlace } from '../core/channels';
import type { ChannelInput } from './channel-shapes';

/** In the order of the file. A pager is for what somebody must act on; all others are told everything. */
export function channelsOf(channels: Readonly<Record<string, ChannelInput>> = {}): readonly Channel[] {
  return Object.entries(channels).map(([name, channel]) => {
    const tells = channel.tells ?? (channel.kind === 'pagerDuty' ? 'urgent' : 'everything');
    switch (channel.kind) {
      case 'slack':
      case 'teams':
        return { ...channel, name, tells };
      default:
        return { ...channel, name, tells, secret: placeOf(channel.secret) };
    }
  });
}

function placeOf(written: string): SecretPlace {
  const at = written.indexOf(':');
  return { service: written.slice(0, at) as SecretPlace['service'], name: written.slice(at + 1) };
}
