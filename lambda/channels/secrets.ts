import { type Channel, type Outcome, type Secret, secretOf, type SecretPlace } from '../../core/channels';
import { MINUTE_MS } from '../../core/calendar';
import { errorNameOf } from '../../core/errors';
import type { ChannelsDeps } from './deps';

/** A secret that was replaced is taken after so long at the latest. */
const KEPT_MS = 5 * MINUTE_MS;

export type Usable =
  | { readonly kind: 'usable'; readonly value: string; readonly version: string }
  | { readonly kind: 'unusable'; readonly outcome: Exclude<Outcome, { kind: 'delivered' }> };

/** Secrets of a warm function, each kept for five minutes; what is not there, or wrong, is not kept. */
export class KeptSecrets {
  private readonly kept = new Map<string, { readonly secret: Secret; readonly readAt: number }>();

  constructor(private readonly deps: Pick<ChannelsDeps, 'secrets' | 'endpoints' | 'now'>) {}

  /** @param isFresh the one that is kept was refused */
  async of(channel: Extract<Channel, { secret: unknown }>, isFresh = false): Promise<Usable> {
    const { service, name } = channel.secret;
    const place = `${service}:${name}`;
    const now = this.deps.now();
    const kept = this.kept.get(place);
    const isKept = !isFresh && kept !== undefined && now >= kept.readAt && now - kept.readAt < KEPT_MS;
    const secret = isKept ? kept.secret : await this.read(service, name);
    const usable = usableOf(channel, secret, this.deps.endpoints.mayLoopback);
    if (usable.kind === 'usable' && !isKept) this.kept.set(place, { secret, readAt: now });
    if (usable.kind === 'unusable') this.kept.delete(place);
    return usable;
  }

  /** What a client library throws may quote what it was answered: its name alone is kept. */
  private async read(service: SecretPlace['service'], name: string): Promise<Secret> {
    try {
      return await this.deps.secrets[service].read(name);
    } catch (error) {
      return { kind: 'unavailable', why: errorNameOf(error) };
    }
  }
}

function usableOf(channel: Extract<Channel, { secret: unknown }>, secret: Secret, mayLoopback: boolean): Usable {
  const place = `${channel.secret.service}:${channel.secret.name}`;
  const refused = (code: 'secretMissing' | 'secretDenied' | 'secretInvalid', why: string): Usable => ({
    kind: 'unusable',
    outcome: { kind: 'refused', of: 'channel', code, why },
  });
  switch (secret.kind) {
    case 'missing':
      return refused('secretMissing', `there is no value in ${place}`);
    case 'noText':
      return refused('secretMissing', `${place} is there, and holds no text`);
    case 'inDeletion':
      return refused('secretMissing', `${place} is scheduled for deletion: restore it first`);
    case 'denied':
      return refused('secretDenied', `${place} cannot be read: ${secret.why}`);
    case 'unavailable':
      return { kind: 'unusable', outcome: { kind: 'later', why: `${place} was not read: ${secret.why}` } };
    case 'value': {
      if (secret.value.trim() === '') return refused('secretMissing', `${place} is empty`);
      const value = secretOf(channel.kind, secret.value, mayLoopback);
      if (value === undefined) return refused('secretInvalid', `${place} holds something of another form`);
      return { kind: 'usable', value, version: secret.version };
    }
  }
}
