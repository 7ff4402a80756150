/**
 * Secrets that are told by their form. Slack: https://docs.slack.dev/authentication/tokens and
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; Teams:
 * https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams and the addresses that it gives; signing:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md. All read 2026-11-29. Discord: the
 * address that its clients copy, `discord.com/api/webhooks/ID/TOKEN`. The name of a host is looked at from its beginning alone: from
 * each of its letters, a long text would take minutes.
 */
const FORMS: readonly { readonly what: string; readonly form: RegExp }[] = [
  { what: 'a token of Slack', form: /\bx(?:ox[a-z]|app)-[\w-]+(?:\.[\w-]+)*/gi },
  { what: 'the URL of a webhook of Slack', form: /(?:https?:\/\/)?hooks\.slack(?:-gov)?\.com\/[^\s'"]*/gi },
  { what: 'the path of a webhook of Slack', form: /\bT[A-Z0-9]{7,}\/B[A-Z0-9]{7,}\/\w{16,}/g },
  {
    what: 'the URL of a webhook of Discord',
    form: /(?:https?:\/\/)?(?<![\w.-])[\w.-]*discord(?:app)?\.com\/[^\s'"]*/gi,
  },
  {
    what: 'the URL of a webhook of Teams',
    form: /(?:https?:\/\/)?(?<![\w.-])[\w.-]+\.(?:webhook\.office\.com|logic\.azure\.(?:com|us)|powerplatform\.com)\b[^\s'"]*/gi,
  },
  { what: 'what a webhook is signed with', form: /\bwhsec_[\w+/=-]*/gi },
];

/** Integration keys of PagerDuty, and much else that is no secret: told as one only where a secret may stand. */
const KEY_FORM = {
  what: 'a key of 32 characters, as PagerDuty has them',
  form: /(?<![0-9a-z])[0-9a-z]{32}(?![0-9a-z])/gi,
};

/** Ids and names within channels have no more, but for channels of Teams. */
const SHORT = 40;

/** What to do with a secret that stood in the config. */
export const REVOKE = 'revoke it if others could read this file';

/** As which secret a text can be told; undefined: as none. */
export function secretIn(text: string): string | undefined {
  return [...FORMS, KEY_FORM].find(({ form }) => text.search(form) >= 0)?.what;
}

/** A text for people, in which no secret stands that can be told by its form. */
export function withoutSecrets(text: string): string {
  return FORMS.reduce((left, { what, form }) => left.replace(form, `<${what}, not shown>`), text);
}

/** At which place of a path `channels` stands, of an environment or of an organisation's file; undefined: it is of something else. */
function channelsAt(path: readonly PropertyKey[]): number | undefined {
  if (path[0] === 'channels') return 0;
  return path[0] === 'environments' && path[2] === 'channels' ? 2 : undefined;
}

/** Where a person may have put a secret: within `channels`, whatever is wrong there. */
export function mayHoldSecret(path: readonly PropertyKey[]): boolean {
  return channelsAt(path) !== undefined;
}

/** What was found where a secret may stand. */
export function shownUnlessSecret(value: unknown, path: readonly PropertyKey[]): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : 'an object';
  const secret = secretIn(value);
  if (secret !== undefined) return `${secret}, which is not shown: ${REVOKE}`;
  const isIdOfChannel = path.length > (channelsAt(path) ?? 2) + 2 && !['secret', 'url'].includes(String(path.at(-1)));
  const mayBeShown = isIdOfChannel && value.length <= SHORT;
  return mayBeShown ? `'${value}'` : `a text of ${value.length} characters, which is not shown`;
}

/** A path as it may be shown: names of channels are a person's own words, or a secret put in their place. */
export function pathUnlessSecret(path: readonly PropertyKey[]): readonly PropertyKey[] {
  const channels = channelsAt(path);
  if (channels === undefined) return path;
  return path.map((key, at) =>
    at > channels && typeof key === 'string' && (key.length > SHORT || secretIn(key) !== undefined)
      ? '<not shown>'
      : key,
  );
}
