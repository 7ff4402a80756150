import { formatUsd, type NanoUsd } from '../../../core/money';
import { escaped, html, type Html, pageOf } from '../../../core/markup';
import { STYLE } from './style';

/** A page of one file, which loads nothing. Its texts are escaped here. */
export function documentOf(
  title: string,
  { legend, main, foot }: { readonly legend: string; readonly main: Html; readonly foot: string },
): string {
  return pageOf(
    title,
    STYLE,
    html`<header>
        <h1>${escaped(title)}</h1>
        <p class="quiet">${escaped(legend)}</p>
      </header>
      <main>${main}</main>
      <footer>${escaped(foot)}</footer>`,
  );
}

const AMOUNTS = ['Amount', 'Spent', 'Month to date', 'Denied', 'Limit', 'Held', 'Left', 'Forecast'];

/** The first cell of a row names it. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Html[])[]): Html {
  const isAmount = head.map((name) => AMOUNTS.includes(name));
  const cell = (content: Html, at: number) =>
    at === 0
      ? html`<th scope="row">${content}</th>`
      : html`<td${isAmount[at] === true ? html` class="amount"` : html``}>${content}</td>`;
  return html`<div class="table" tabindex="0" role="region" aria-label="${escaped(caption)}">
    <table>
      <caption>
        ${escaped(caption)}
      </caption>
      <thead>
        <tr>
          ${head.map((name, at) => html`<th scope="col" ${isAmount[at] === true ? html` class="amount"` : html``}>${escaped(name)}</th>`)}
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
  return escaped(value === undefined ? 'unknown' : formatUsd(value));
}
