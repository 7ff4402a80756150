import { utcMinute } from '../story';
import { modelChart, spendChart } from './chart';
import { cumulative, type EnvironmentReport, type ReportData } from './data';
import { escaped, html, type Html } from '../../../core/markup';
import { amount, documentOf, table } from './parts';

/** One file that needs no network: the same data give the same bytes. */
export function page(reports: readonly ReportData[]): string {
  const title = reports.length === 1 ? (reports[0]?.title ?? '') : 'Spend guard';
  return documentOf(title, {
    legend:
      'Amounts in US dollars, times in UTC. Circles are mails, squares stops, triangles up the resume, down large models denied.',
    main: html`${reports.map((report, at) => section(report, at, reports.length > 1))}`,
    foot: 'Made by bedrock-spend-guard. Every figure of a chart is in a table below it.',
  });
}

function section(report: ReportData, index: number, isTitled: boolean): Html {
  const { title, story, environments } = report;
  const heading = isTitled ? html`<h2>${escaped(title)}</h2>` : html``;
  return html`<section aria-label="${escaped(title)}">
    ${heading} ${story.map((line) => html`<p>${escaped(line)}</p>`)} ${comparison(report)}
    ${environments.map((one, at) => environmentSection(one, `e${index}-${at}`, isTitled))}
  </section>`;
}

/** The facts of two sides beside each other. */
function comparison({ title, compared, environments }: ReportData): Html {
  const [a, b] = environments;
  if (compared !== true || a === undefined || b === undefined) return html``;
  const rows = a.facts.map(({ label, value }) => [
    escaped(label),
    escaped(value),
    escaped(b.facts.find((fact) => fact.label === label)?.value ?? 'unknown'),
  ]);
  return table(`${title}: side by side`, ['', a.name, b.name], rows);
}

function environmentSection(report: EnvironmentReport, id: string, isNested: boolean): Html {
  const name = escaped(report.name);
  const heading = isNested ? html`<h3>${name}</h3>` : html`<h2>${name}</h2>`;
  return html`${heading}
    <dl>
      ${report.facts.map(
        ({ label, value }) =>
          html`<div>
            <dt>${escaped(label)}</dt>
            <dd>${escaped(value)}</dd>
          </div>`,
      )}
    </dl>
    <div class="table" tabindex="0" role="region" aria-label="${escaped(`${report.name}: the month`)}">
      ${spendChart(report, id)}
    </div>
    ${table(
      `${report.name}: limit and lines`,
      ['Line', 'Amount'],
      [
        [escaped('limit'), amount(report.limit)],
        ...report.lines.map((line) => [escaped(line.label), amount(line.amount)]),
      ],
    )}
    ${
      report.events.length === 0
        ? html`<p>Nothing fired.</p>`
        : table(
            `${report.name}: what happened`,
            ['When', 'What'],
            report.events.map(({ at, text }) => [escaped(utcMinute(at)), escaped(text)]),
          )
    }
    <div class="table" tabindex="0" role="region" aria-label="${escaped(`${report.name}: by model, drawn`)}">
      ${modelChart(report, id)}
    </div>
    ${models(report)}
    <details>
      <summary>${escaped(`${report.name}: every day`)}</summary>
      ${days(report)}
    </details>`;
}

function models({ name, models: all }: EnvironmentReport): Html {
  const hasDenied = all.some(({ denied }) => denied !== undefined);
  const head = ['Model', 'Spent', ...(hasDenied ? ['Denied'] : [])];
  return table(
    `${name}: by model`,
    head,
    all.map(({ model, spent, denied }) => [escaped(model), amount(spent), ...(hasDenied ? [amount(denied)] : [])]),
  );
}

function days(report: EnvironmentReport): Html {
  const sums = cumulative(report.days);
  const hasDenied = report.days.some(({ denied }) => denied !== undefined);
  const head = ['Day', 'Spent', 'Month to date', ...(hasDenied ? ['Denied'] : [])];
  return table(
    `${report.name}: spend by day`,
    head,
    report.days.map(({ day, spent, denied }, at) => [
      escaped(day),
      amount(spent),
      amount(sums[at]?.spent),
      ...(hasDenied ? [amount(denied)] : []),
    ]),
  );
}
