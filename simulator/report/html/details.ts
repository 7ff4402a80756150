import { DAY_MS, dayStart } from '../../../core/calendar';
import { escaped, html, type Html } from '../../../core/markup';
import { nanoUsd, ZERO, type NanoUsd } from '../../../core/money';
import type { ModelPrice } from '../../../core/prices';
import { utcMinute } from '../story';
import { bar } from './bars';
import { coursesOf, dayEnds } from './courses';
import type { EnvironmentReport, ReportData, ReportPrice, ReportTable } from './data';
import { monthText, percentText } from './formats';
import { amount, table } from './parts';

/** What nobody has to read to know how the month went; each fold opens by itself. */
export function details(report: ReportData): Html {
  const { environments } = report;
  return html`<section class="part">
    <h2>Details</h2>
    ${environments.map((one) => environmentDetails(one, report.running === true))} ${pricesDetails(environments)}
    ${settingsDetails(environments)}
  </section>`;
}

function environmentDetails(report: EnvironmentReport, running: boolean): Html {
  const { name, facts, events, more = [] } = report;
  return html`<details class="environment">
    <summary>
      <h3>${escaped(name)}</h3>
      <span class="quiet">${escaped(running ? 'models, days, lines, figures' : 'models, days, events, figures')}</span>
    </summary>
    <dl>
      ${facts.map(
        ({ label, value }) =>
          html`<div>
            <dt>${escaped(label)}</dt>
            <dd>${escaped(value)}</dd>
          </div>`,
      )}
    </dl>
    ${models(report)} ${more.map((one) => moreTable(name, one))} ${months(report)} ${days(report)} ${lines(report)}
    ${
      events.length === 0
        ? html`${running ? html`` : html`<p>Nothing fired.</p>`}`
        : html`<div class="on-screen">
            ${table(
              `${name}: what happened`,
              ['When', 'What'],
              events.map(({ at, text }) => [escaped(utcMinute(at)), escaped(text)]),
            )}
          </div>`
    }
  </details>`;
}

function models({ name, models: all }: EnvironmentReport): Html {
  if (all.length === 0) return html``;
  const hasDenied = all.some(({ denied }) => denied !== undefined);
  const total = nanoUsd(
    Math.min(
      all.reduce((sum, { spent }) => sum + spent, 0),
      Number.MAX_SAFE_INTEGER,
    ),
  );
  const most = Math.max(...all.map(({ spent }) => spent));
  const head = ['Model', 'Spent', 'Share', ...(hasDenied ? ['Denied'] : []), 'Drawn'];
  return html`${table(
    `${name}: by model`,
    head,
    all.map(({ model, spent, denied }) => [
      escaped(model),
      amount(spent),
      escaped(total > ZERO ? percentText(spent, total) : '-'),
      ...(hasDenied ? [amount(denied)] : []),
      bar({ value: spent, most, className: 'other' }),
    ]),
    'ten',
  )}
  ${all.length > 10 ? html`<p class="on-paper quiet">${escaped(`${all.length - 10} more models stand in the file.`)}</p>` : html``}`;
}

function moreTable(name: string, { caption, head, rows, note }: ReportTable): Html {
  const cell = (content: string | NanoUsd | undefined) =>
    typeof content === 'string' ? escaped(content) : amount(content);
  return html`${table(
    `${name}: ${caption}`,
    head,
    rows.map((row) => row.map(cell)),
  )}
  ${note === undefined ? html`` : html`<p class="quiet">${escaped(note)}</p>`}`;
}

/** Each against the one limit: a limit is for a month. */
function months(report: EnvironmentReport): Html {
  const all = coursesOf(report);
  if (all.length < 2) return html``;
  return table(
    `${report.name}: by month`,
    ['Month', 'Spent', 'Limit', 'Share'],
    all.map(({ from, spent }) => [
      escaped(monthText(from)),
      amount(spent),
      amount(report.limit),
      escaped(percentText(spent, report.limit)),
    ]),
  );
}

function days(report: EnvironmentReport): Html {
  if (report.days.length === 0) return html``;
  const sums = new Map(dayEnds(report.days).map(({ at, spent }) => [at, spent]));
  const hasDenied = report.days.some(({ denied }) => denied !== undefined);
  const head = ['Day', 'Spent', 'Month to date', ...(hasDenied ? ['Denied'] : [])];
  return html`<div class="on-screen">
    ${table(
      `${report.name}: spend by day`,
      head,
      report.days.map(({ day, spent, denied }) => [
        escaped(day),
        amount(spent),
        amount(sums.get(dayStart(day) + DAY_MS)),
        ...(hasDenied ? [amount(denied)] : []),
      ]),
    )}
  </div>`;
}

function lines({ name, limit, lines: all }: EnvironmentReport): Html {
  const rows = all.map(({ percent, does, amount: at }) => [escaped(`${percent}% ${does}`), amount(at)]);
  return html`<div class="on-screen">
    ${table(`${name}: limit and lines`, ['Line', 'Amount'], [[escaped('limit'), amount(limit)], ...rows])}
  </div>`;
}

/** Each model once, whatever the environments that have it. */
function pricesDetails(environments: readonly EnvironmentReport[]): Html {
  const all = new Map<string, ReportPrice>();
  for (const { prices } of environments) {
    for (const one of prices) all.set(JSON.stringify(one), one);
  }
  if (all.size === 0) return html``;
  return html`<details>
    <summary>
      <h3>Prices</h3>
      <span class="quiet">what tokens are counted at, with source and date</span>
    </summary>
    ${table(
      'Prices, in dollars a million tokens',
      ['Model', '$ Input', '$ Output', '$ Cache read', '$ Cache write', 'Source'],
      [...all.values()]
        .sort((a, b) => a.model.localeCompare(b.model))
        .map(({ model, price, source }) => [
          escaped(model),
          ...(['input', 'output', 'cacheRead', 'cacheWrite'] as const).map((part) => escaped(priceText(price[part]))),
          escaped(source),
        ]),
    )}
  </details>`;
}

/** Pico-dollars a token are dollars a million tokens, six places on. */
function priceText(price: ModelPrice['cacheRead']): string {
  if (price === 'unsupported') return 'no cache';
  return new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 }).format(
    price / 1_000_000,
  );
}

function settingsDetails(environments: readonly EnvironmentReport[]): Html {
  const [first] = environments;
  if (first === undefined || first.settings.length === 0) return html``;
  return html`<details>
    <summary>
      <h3>Config</h3>
      <span class="quiet">limits and lines that were in force</span>
    </summary>
    ${table(
      'The config that the figures rest on',
      ['Environment', ...first.settings.map(({ label }) => label)],
      environments.map(({ name, settings }) => [escaped(name), ...settings.map(({ value }) => escaped(value))]),
    )}
  </details>`;
}

/** The facts of two sides beside each other. */
export function sideBySide({ title, compared, environments }: ReportData): Html {
  const [a, b] = environments;
  if (compared !== true || a === undefined || b === undefined) return html``;
  const rows = a.facts.map(({ label, value }) => [
    escaped(label),
    escaped(value),
    escaped(b.facts.find((fact) => fact.label === label)?.value ?? 'unknown'),
  ]);
  return table(`${title}: side by side`, ['Figure', a.name, b.name], rows);
}
