import { answeredRefusal, commonOutcome, objectOf } from './answers';
import type { Outcome } from './outcome';
import type { HttpAnswer, HttpRequest } from './ports';
import { cut, type Part, type Telling, type Word } from './telling';

/** Where a card of 28 KB is the most: https://learn.microsoft.com/connectors/teams (read 2026-11-29, "approximately 28 KB"); others saw 21. */
const LARGEST_CARD = 20_000;

/** Names of the styles that the card's own words go with. */
const STYLES: Readonly<Record<Word, string>> = {
  CRITICAL: 'attention',
  WARNING: 'warning',
  INFO: 'accent',
  OVER: 'good',
};

/**
 * For a workflow that takes webhooks: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using. What is not ours
 * stands in TextRuns, of which the schema says "Markdown is not supported": https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run (both read
 * 2026-11-29). HTML is none in a card, and a mention needs an entity beside it.
 */
export function teamsMessage(telling: Telling) {
  for (const longest of LINES) {
    const message = cardMessage({ ...telling, parts: telling.parts.map((part) => shortened(part, longest)) });
    if (new TextEncoder().encode(JSON.stringify(message)).length <= LARGEST_CARD) return message;
  }
  return cardMessage({
    ...telling,
    parts: [{ label: 'What happened', lines: ['See the mail: it is too long for a card.'] }],
  });
}

/** Characters that a line may have, until all of them fit. */
const LINES = [500, 250, 120];

function shortened({ label, lines }: Part, longest: number): Part {
  return { label, lines: lines.map((line) => cut(line, longest)) };
}

function cardMessage(telling: Telling) {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            {
              type: 'Container',
              style: STYLES[telling.word],
              bleed: true,
              items: [rich(cut(telling.headline, 300), { weight: 'Bolder', size: 'Large' })],
            },
            ...telling.parts.flatMap(partOf),
          ],
        },
      },
    ],
  };
}

function partOf({ label, lines }: Part) {
  return [rich(label, { weight: 'Bolder' }), ...lines.map((line) => rich(line, {}, 'Small'))];
}

function rich(text: string, style: Readonly<Record<string, string>>, spacing = 'Medium') {
  return { type: 'RichTextBlock', spacing, inlines: [{ type: 'TextRun', text: undated(text), ...style }] };
}

/** `{{DATE(...)}}` and `{{TIME(...)}}` are replaced in any text of a card; with a space of no width between the braces they are not. */
function undated(text: string): string {
  return text.replace(/\{(?=\{)/g, '{\u200b');
}

export function teamsRequest(url: string, telling: Telling): HttpRequest {
  return { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(teamsMessage(telling)) };
}

/** A workflow accepts with 202; connectors of old answer 200 for what Teams then refused, and say so in words. */
export function teamsOutcome(answer: HttpAnswer, now: number): Outcome {
  const common = commonOutcome(answer, now);
  if (common !== undefined || answer.kind !== 'answered') return common ?? { kind: 'later', why: 'no answer' };
  if (answer.status < 300) {
    const inner = /endpoint returned HTTP error (\d{3})/.exec(answer.body)?.[1];
    if (inner === undefined) return { kind: 'delivered' };
    const why = `Teams answers HTTP ${answer.status} of what it refused with ${inner}`;
    return inner === '413' || inner === '400'
      ? { kind: 'refused', of: 'message', code: 'messageRefused', why }
      : { kind: 'later', why };
  }
  const { error } = objectOf(answer.body);
  const code = (error as { code?: unknown } | null | undefined)?.code;
  const word = typeof code === 'string' && /^[A-Za-z]{1,60}$/.test(code) ? code : undefined;
  return answeredRefusal(answer, undefined, word, 'Teams');
}
