import { escaped, html, type Html } from '../../../core/markup';
import { nanoUsd, ZERO, type NanoUsd } from '../../../core/money';
import { bar } from './bars';
import type { EnvironmentReport, ReportData } from './data';
import { money } from './formats';
import { beyondLimit } from './verdict';

/** What would have been spent without the guard, as far as anybody knows; empty where nothing was denied. */
export function saved(report: ReportData): Html {
  const shown = report.environments.filter(isOfInterest);
  if (shown.length === 0 || (report.problems ?? []).length > 0) return html``;
  return html`<section class="part">
    <h2>What it saved</h2>
    ${shown.map((one) => comparison(one, report.environments.length > 1))}
    <p class="quiet">${escaped(assumptions(shown))}</p>
  </section>`;
}

function isOfInterest({ denied = ZERO, without = [], spent }: EnvironmentReport): boolean {
  return spent.kind === 'known' && (denied > ZERO || without.length > 0);
}

function comparison(report: EnvironmentReport, several: boolean): Html {
  const { name, spent, denied = ZERO, without = [], limit } = report;
  if (spent.kind !== 'known') return html``;
  const others =
    without.length > 0
      ? without
      : [{ what: 'Without denials', spent: nanoUsd(Math.min(spent.value + denied, Number.MAX_SAFE_INTEGER)) }];
  const rows = [...others, { what: 'With the guard', spent: spent.value }];
  const most = Math.max(...rows.map((row) => row.spent)) * 1.02;
  return html`${several ? html`<h3>${escaped(name)}</h3>` : html``}
    <ul class="limits saved">
      ${rows.map(
        (row, at) =>
          html`<li>
            <span class="name">${escaped(row.what)}</span>
            <span class="drawn"
              >${bar({
                value: row.spent,
                most,
                className: at < rows.length - 1 ? 'other' : beyondLimit(report) > ZERO ? 'bad' : 'good',
                marks: [{ at: limit, className: 'limit' }],
              })}</span
            >
            <span class="figure"
              ><strong>${escaped(money(row.spent))}</strong>${escaped(overText(row.spent, limit))}</span
            >
          </li>`,
      )}
    </ul>`;
}

function overText(spent: NanoUsd, limit: NanoUsd): string {
  return spent > limit ? `, ${money(nanoUsd(spent - limit))} over` : '';
}

function assumptions(shown: readonly EnvironmentReport[]): string {
  const played = shown.some(({ without = [] }) => without.length > 0)
    ? ' Without the guard, the same callers were played over the same days.'
    : ' What was denied is added at list price.';
  const inError = shown.some(({ stoppedInError }) => stoppedInError === true)
    ? ' A stop was on a bill that was wrong: what it denied was wanted work, not a saving.'
    : '';
  return `An estimate.${played} It assumes that callers ask for as much whether they are answered or not, and never ask again later for what was denied. The thick line is the limit of a month.${inError}`;
}
