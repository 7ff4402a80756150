import type { ChannelKind } from './types';
import { webhookKey } from './webhook';

/**
 * The secret of a channel as it is used. White space around it is none of its own: editors and shells leave a line's end.
 * @param mayLoopback an address of this machine without TLS is one too: the local AWS @returns undefined where it cannot be one
 */
export function secretOf(kind: ChannelKind, written: string, mayLoopback: boolean): string | undefined {
  const value = written.trim();
  switch (kind) {
    case 'slackBot':
      return /^xoxb-[A-Za-z0-9-]{8,}$/.test(value) ? value : undefined;
    case 'slackWebhook':
    case 'teamsWebhook':
      return isSendable(value, mayLoopback) ? value : undefined;
    case 'pagerDuty':
      return /^[A-Za-z0-9]{32}$/.test(value) ? value : undefined;
    case 'webhook':
      return webhookKey(value);
    case 'slack':
    case 'teams':
      return undefined;
  }
}

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether anything is sent there: TLS alone, but to this machine where that is allowed. No name and password stand in an address. */
export function isSendable(address: string, mayLoopback: boolean): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (mayLoopback && protocol === 'http:' && LOOPBACK.includes(hostname));
}
