import type { NanoUsd } from '../../../core/money';
import { escaped, html, type Html, pageOf } from '../../../core/markup';
import { money } from './formats';
import { STYLE } from './style';
import type { Tone } from './verdict';

export interface Head {
  readonly title: string;
  /** Above the title, in small letters. */
  readonly over?: string;
  readonly verdict: { readonly tone: Tone; readonly sentence: string };
  /** What the figures are of. */
  readonly legend: string;
}

/** A page of one file, which loads nothing. Its texts are escaped here. */
export function documentOf({ title, over, verdict, legend }: Head, main: Html, foot: string): string {
  return pageOf(
    title,
    STYLE,
    html`<header>
        <p class="over">${escaped(over ?? 'Bedrock spend guard')}</p>
        <h1>${escaped(title)}</h1>
        ${verdictText(verdict)}
        <p class="quiet">${escaped(legend)}</p>
      </header>
      <main>${main}</main>
      <footer>${escaped(foot)}</footer>`,
  );
}

export const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', warn: '▲', bad: '✕' };

/** By sign as well as by colour. */
export function verdictText({ tone, sentence }: Head['verdict']): Html {
  return html`<p class="verdict ${escaped(tone)}">
    <span aria-hidden="true">${escaped(SIGNS[tone])}</span> ${escaped(sentence)}
  </p>`;
}

const AMOUNTS = ['Amount', 'Spent', 'Month to date', 'Denied', 'Limit', 'Held', 'Left', 'Forecast', 'Share'];

/** The first cell of a row names it. @param className of the table. @default - none */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Html[])[],
  className = '',
): Html {
  const isAmount = head.map((name) => AMOUNTS.includes(name) || name.startsWith('$'));
  const amountClass = (at: number) => (isAmount[at] === true ? html` class="amount"` : html``);
  const cell = (content: Html, at: number) =>
    at === 0 ? html`<th scope="row">${content}</th>` : html`<td${amountClass(at)}>${content}</td>`;
  return html`<div class="table" tabindex="0" role="region" aria-label="${escaped(caption)}">
    <table class="${escaped(className)}">
      <caption>
        ${escaped(caption)}
      </caption>
      <thead>
        <tr>
          ${head.map((name, at) => html`<th scope="col" ${amountClass(at)}>${escaped(name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function amount(value: NanoUsd | undefined): Html {
  return escaped(value === undefined ? 'unknown' : money(value));
}
