import type { Notice } from '../notice';
import { cut, type HowToTell, tellingOf } from './telling';

/**
 * Custom notifications of Amazon Q Developer in chat applications: https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html (read 2026-11-29). What they
 * may hold at most is kept to what the guard's own texts need; the page's figures were not seen.
 */
const TITLE = 200;
const DESCRIPTION = 4_000;
const STEP = 500;

/** @param ids of the message and of the fact, whose messages stand in one thread where the channel allows it */
export function chatMessage(
  kind: 'slack' | 'teams',
  notice: Notice,
  { id, threadId }: { readonly id: string; readonly threadId: string },
  how: HowToTell,
): string {
  const telling = tellingOf(notice, how);
  const literal = (text: string) => literalOf(kind, text);
  const steps = how.isPlain === true ? [] : notice.todo;
  const lines = telling.parts
    .filter(({ label }) => label !== 'What to do')
    .flatMap((part) => [`*${part.label}*`, ...part.lines.map(literal), '']);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: literal(cut(telling.headline, TITLE)),
      description: upTo(lines, DESCRIPTION),
      ...(steps.length > 0 && { nextSteps: steps.map((step) => literal(cut(step, STEP))) }),
      keywords: [telling.word, literal(notice.environment)],
    },
    metadata: {
      threadId,
      summary: literal(cut(telling.headline, TITLE)),
      eventType: `spend-guard-${notice.source}`,
      enableCustomActions: false,
    },
  });
}

/** Whole lines alone: a cut one could end within an escape. */
function upTo(lines: readonly string[], longest: number): string {
  let used = 0;
  const kept = lines.filter((line) => (used += line.length + 1) <= longest);
  return (kept.length === lines.length ? kept : [...kept, 'More is in the mail.']).join('\n').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Takes no place, and parts what would be markup. */
const NO_WIDTH = '\u200b';

/**
 * A text that the chat's own markdown makes nothing of. The two differ, and neither has an escape for all of its marks: a space of no width
 * stands where a mark would begin or end something. Dashes and slashes of commands stay as they are, to be copied.
 */
export function literalOf(kind: 'slack' | 'teams', text: string): string {
  const escaped = text.replace(/[&<>]/g, (one) => ENTITIES[one] ?? '');
  const marks = kind === 'slack' ? /[*_~`@]/g : /[*_~`@#[\]\\|!]/g;
  return escaped
    .replace(marks, (one) => `${NO_WIDTH}${one}${NO_WIDTH}`)
    .replace(/:(?=\/\/)/g, `:${NO_WIDTH}`)
    .replace(/:(?=[a-z0-9+-][a-z0-9_+-]*:)/gi, `:${NO_WIDTH}`)
    .replace(/^(?=[-+>]|\d+[.)])/, NO_WIDTH);
}
