/**
 * What a terminal would obey, or what would show a text in another order than it has: control characters (C0, DEL, C1), breaks of
 * lines and paragraphs, marks of direction, halves of a surrogate pair.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A name that somebody else has given, on one line and without effect: `\u001b[31m` is shown as that. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** What a terminal would obey within a text of ours, which may have lines and tabs, and CSV's ends of lines. */
const OBEYED = /(?![\t\n\r])\p{Cc}|\r(?!$|\n)/gu;

/** A line with what somebody else has written somewhere in it. */
export function withoutControls(text: string): string {
  return text.replace(OBEYED, escaped);
}

/** JSON of the same value: JSON itself asks to escape C0 alone, and a terminal obeys C1 too. */
export function printableJson(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
