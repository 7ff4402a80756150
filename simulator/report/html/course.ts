import { escaped, html, type Html } from '../../../core/markup';
import type { Size } from './chart/figure';
import { courseChart, monthsChart } from './course-chart';
import { coursesOf } from './courses';
import type { EnvironmentReport, ReportData } from './data';

/** Spend through the time, all environments side by side. */
export function courses(report: ReportData, id: string): Html {
  const { length } = report.environments;
  const sizes: readonly Size[] = length === 1 ? ['wide', 'small'] : length === 2 ? ['half', 'small'] : ['small'];
  return html`<div class="courses of-${Math.min(3, length)}">
    ${report.environments.map((one, at) => panel(one, report, sizes, `${id}-${at}`))}
  </div>`;
}

function panel(
  report: EnvironmentReport,
  { running = false, environments }: ReportData,
  sizes: readonly Size[],
  id: string,
): Html {
  const { name, spent } = report;
  const heading = environments.length === 1 ? html`` : html`<h3 title="${escaped(name)}">${escaped(name)}</h3>`;
  if (spent.kind === 'unavailable') {
    return html`<div class="panel">
      ${heading}
      <p class="nothing">${escaped(`Not known: ${spent.why}`)}</p>
    </div>`;
  }
  const all = coursesOf(report);
  const [only] = all;
  if (only === undefined) {
    const why = running ? 'How it went by day is not known.' : 'Nothing was used.';
    return html`<div class="panel">
      ${heading}
      <p class="nothing">${escaped(why)}</p>
    </div>`;
  }
  return html`<div class="panel">
    ${heading}
    ${sizes.map((size) =>
      all.length === 1
        ? courseChart(report, only, { size, id: `${id}-${size}`, running })
        : monthsChart(report, all, { size, id: `${id}-${size}`, running }),
    )}
  </div>`;
}
