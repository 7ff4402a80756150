import { webcrypto } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

/** Labels that the product writes itself: the one place where Slack's markup is allowed. */
const LABEL = /^\*[A-Za-z ]{2,20}\*$/;

/** What Slack refuses, or makes markup of: https://docs.slack.dev/reference/block-kit/blocks (read 2026-11-29). @returns what is wrong */
export function checkSlackMessage(body: Json): string[] {
  const wrong: string[] = [];
  if (typeof body['text'] !== 'string' || body['text'] === '') wrong.push('no_text');
  if (body['mrkdwn'] !== false) wrong.push('the text may hold markup');
  if (/<|>|&(?!amp;|lt;|gt;)/.test(String(body['text']))) wrong.push('the text is not escaped');
  for (const block of slackBlocks(body)) {
    const texts = [block['text'], ...((block['fields'] as unknown[] | undefined) ?? [])].filter(
      (one) => one !== undefined,
    );
    if (block['type'] === 'header') checkText(texts[0] as Json, 150, wrong);
    else if (block['type'] === 'section') {
      if (texts.length === 0) wrong.push('a section without text');
      if (block['fields'] !== undefined && (block['fields'] as unknown[]).length > 10)
        wrong.push('more than 10 fields');
      for (const text of texts) checkText(text as Json, block['fields'] === undefined ? 3000 : 2000, wrong);
    } else wrong.push(`block ${String(block['type'])}`);
  }
  if (slackBlocks(body).length > 50) wrong.push('more than 50 blocks');
  if (JSON.stringify(slackBlocks(body)).length > 16_000) wrong.push('msg_blocks_too_long');
  return wrong;
}

function checkText({ type, text }: Json, most: number, wrong: string[]): void {
  if (typeof text !== 'string' || text.length < 1 || text.length > most)
    wrong.push(`a text of 1 to ${most} characters`);
  if (/<|>|&(?!amp;|lt;|gt;)/.test(String(text))) wrong.push('a text is not escaped');
  if (type === 'mrkdwn' ? !LABEL.test(String(text)) : type !== 'plain_text')
    wrong.push(`markup that is not ours: ${String(text)}`);
}

export function slackBlocks(body: Json): readonly Json[] {
  return ((body['attachments'] as Json[] | undefined) ?? []).flatMap(({ blocks }) => blocks as Json[]);
}

/** All that people read of a message of Slack, labels left out. */
export function slackTexts(body: Json): readonly string[] {
  return slackBlocks(body)
    .flatMap((block) => [block['text'], ...((block['fields'] as unknown[] | undefined) ?? [])])
    .filter((one): one is Json => one !== undefined && (one as Json)['type'] === 'plain_text')
    .map(({ text }) => String(text).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

/** https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run (read 2026-11-29). */
export function checkAdaptiveCard(body: Json): string[] {
  const wrong: string[] = [];
  const [attachment, ...more] = (body['attachments'] as Json[] | undefined) ?? [];
  if (body['type'] !== 'message' || attachment === undefined || more.length > 0)
    return ['no message with one attachment'];
  if (attachment['contentType'] !== 'application/vnd.microsoft.card.adaptive') wrong.push('contentType');
  const card = attachment['content'] as Json;
  if (card['type'] !== 'AdaptiveCard' || !/^1\.[4-6]$/.test(String(card['version']))) wrong.push('no AdaptiveCard 1.4');
  const walk = (element: Json): void => {
    switch (element['type']) {
      case 'Container':
        if (!['attention', 'warning', 'accent', 'good'].includes(String(element['style']))) wrong.push('style');
        (element['items'] as Json[]).forEach(walk);
        break;
      case 'RichTextBlock':
        for (const run of element['inlines'] as Json[]) {
          if (run['type'] !== 'TextRun' || typeof run['text'] !== 'string' || run['text'] === '') wrong.push('TextRun');
          if (/\{\{(DATE|TIME)\(/.test(String(run['text']))) wrong.push('a date that is replaced');
        }
        break;
      default:
        // A TextBlock would read its text as Markdown.
        wrong.push(`element ${String(element['type'])}`);
    }
  };
  (card['body'] as Json[]).forEach(walk);
  return wrong;
}

export function cardTexts(body: Json): readonly string[] {
  const [attachment] = body['attachments'] as Json[];
  const walk = (element: Json): readonly string[] =>
    element['type'] === 'Container'
      ? (element['items'] as Json[]).flatMap(walk)
      : (element['inlines'] as Json[]).map(({ text }) => String(text).replaceAll('{\u200b', '{'));
  const { body: elements } = attachment!['content'] as { readonly body: readonly Json[] };
  return elements.flatMap(walk);
}

/** https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/02-Trigger-Events.md (read 2026-11-29). */
export function checkPagerDuty(body: Json, text: string): string[] {
  const wrong: string[] = [];
  const payload = (body['payload'] ?? {}) as Json;
  if (!/^[A-Za-z0-9]{32}$/.test(String(body['routing_key']))) wrong.push('routing_key of 32');
  if (!['trigger', 'acknowledge', 'resolve'].includes(String(body['event_action']))) wrong.push('event_action');
  const key = body['dedup_key'];
  if (typeof key !== 'string' || key.length < 1 || key.length > 255) wrong.push('dedup_key of 1 to 255');
  if (body['event_action'] === 'trigger') {
    const { summary, source, severity, timestamp } = payload;
    if (typeof summary !== 'string' || summary === '' || summary.length > 1024) wrong.push('summary of 1 to 1024');
    if (typeof source !== 'string' || source === '') wrong.push('source');
    if (!['critical', 'error', 'warning', 'info'].includes(String(severity))) wrong.push('severity');
    if (Number.isNaN(Date.parse(String(timestamp)))) wrong.push('timestamp');
  }
  if (Buffer.byteLength(text) > 512 * 1024) wrong.push('larger than 512 KB');
  return wrong;
}

/** By WebCrypto, which verifies by itself: nothing of the product's code. */
export async function checkWebhook(
  text: string,
  headers: Readonly<Record<string, string>>,
  secret: string,
  now: number,
): Promise<string[]> {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
    (name) => headers[name] ?? '',
  );
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id!)) return ['webhook-id'];
  if (!/^\d{9,11}$/.test(timestamp!)) return ['webhook-timestamp'];
  if (Math.abs(Number(timestamp) * 1000 - now) > 5 * 60_000) return ['signature: too old'];
  const bytes = Uint8Array.from(atob(secret.replace('whsec_', '')), (one) => one.charCodeAt(0));
  const key = await webcrypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const signed = new TextEncoder().encode([id, timestamp, text].join('.'));
  for (const one of signature!.split(' ')) {
    const [version, value = ''] = one.split(',');
    const given = Uint8Array.from(atob(value), (character) => character.charCodeAt(0));
    if (version === 'v1' && (await webcrypto.subtle.verify('HMAC', key, given, signed))) return checkBody(text);
  }
  return ['signature'];
}

function checkBody(text: string): string[] {
  const body = JSON.parse(text) as Json;
  const isWhole = typeof body['type'] === 'string' && typeof body['data'] === 'object' && body['schemaVersion'] === 1;
  return isWhole && !Number.isNaN(Date.parse(String(body['timestamp']))) ? [] : ['body'];
}
