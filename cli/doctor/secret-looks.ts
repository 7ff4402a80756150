import { kindOfHost } from '../../config';
import { type ChannelKind, type Secret, secretOf, type SecretPlace, type SecretsPort } from '../../core/channels';
import { errorNameOf } from '../../core/errors';

/** What is said of a secret: never the secret. */
export type SecretLook =
  { readonly kind: 'right' | 'otherForm' | 'empty' } | Exclude<Secret, { readonly kind: 'value' }>;

/** One of the services that keep secrets, of which no value gets out. */
export interface SecretLooks {
  /** Whether a secret is there and of the form that the channel needs. */
  look(name: SecretPlace['name'], kind: ChannelKind): Promise<SecretLook>;
}

/** @param mayLoopback see {@link secretOf} */
export function secretLooks(secrets: SecretsPort, mayLoopback: boolean): SecretLooks {
  return {
    async look(name, kind) {
      const read = await secrets.read(name).catch((error: unknown) => ({
        // What a client library throws may quote what it was answered: its name alone goes on.
        ...{ kind: 'unavailable' as const, why: errorNameOf(error) },
      }));
      if (read.kind !== 'value') return read;
      if (read.value.trim() === '') return { kind: 'empty' };
      const secret = secretOf(kind, read.value, mayLoopback);
      return { kind: secret === undefined || isOfOtherKind(kind, secret) ? 'otherForm' : 'right' };
    },
  };
}

/** The address of another kind's service has the form of this one's, and does not take what it is sent. */
function isOfOtherKind(kind: ChannelKind, secret: string): boolean {
  if (!URL.canParse(secret)) return false;
  const known = kindOfHost(new URL(secret).hostname);
  return known !== undefined && known !== kind;
}
