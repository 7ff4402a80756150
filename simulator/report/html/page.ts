import { escaped, html, type Html } from '../../../core/markup';
import { courses } from './course';
import { coursesOf } from './courses';
import type { ReportData } from './data';
import { details, sideBySide } from './details';
import { overview, tiles } from './overview';
import { numberWord } from './formats';
import { documentOf, SIGNS, verdictText } from './parts';
import { saved } from './saved';
import { timeline } from './timeline';
import { type Tone, type Verdict, verdictOf } from './verdict';

const FOOT =
  'Made by bedrock-spend-guard. This file loads nothing and runs nothing; every figure of a chart stands in a table, too.';

/** One file that needs no network: the same data give the same bytes. */
export function page(reports: readonly ReportData[]): string {
  const [only] = reports;
  if (reports.length === 1 && only !== undefined) {
    const legend = [only.basis, 'Amounts in US dollars, times in UTC.'].filter((text) => text !== undefined).join(' ');
    return documentOf({ title: only.title, verdict: verdictOf(only), legend }, body(only, 'r0'), FOOT);
  }
  const title = 'Spend guard';
  return documentOf(
    { title, verdict: together(reports), legend: 'Amounts in US dollars, times in UTC.' },
    html`${contents(reports)} ${reports.map((report, at) => section(report, `r${at}`))}`,
    FOOT,
  );
}

/** The parts of one report, the most important first. */
function body(report: ReportData, id: string): Html {
  const { story, environments, problems = [] } = report;
  const attention = [...problems, ...environments.flatMap((one) => one.attention ?? [])];
  return html`${attention.length === 0 ? html`` : attentionList(attention)}
    <section class="part">
      <h2>Spend against the limit</h2>
      ${tiles(report)} ${overview(report)}
    </section>
    <section class="part">
      <h2>${escaped(throughTitle(report))}</h2>
      ${story.map((line) => html`<p>${escaped(line)}</p>`)} ${sideBySide(report)} ${courses(report, `${id}-course`)}
    </section>
    ${
      report.running === true
        ? html``
        : html`<section class="part">
            <h2>What happened</h2>
            ${timeline(report, `${id}-time`)}
          </section>`
    }
    ${saved(report)} ${details(report)}`;
}

function throughTitle({ environments }: ReportData): string {
  return environments.some((one) => coursesOf(one).length > 1) ? 'Month by month' : 'Through the month';
}

function attentionList(attention: readonly string[]): Html {
  return html`<section class="part attention">
    <h2>What needs a look</h2>
    <ul>
      ${attention.map((text) => html`<li>${escaped(text)}</li>`)}
    </ul>
  </section>`;
}

/** One of several reports: its headings are a step further in, and its regions have its name, since others have the same. */
function section(report: ReportData, id: string): Html {
  const title = escaped(report.title);
  const inner = body(report, id)
    .replace(/<(\/?)h([23])\b/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 1}`)
    .replaceAll('role="region" aria-label="', () => `role="region" aria-label="${title}: `) as Html;
  return html`<section class="report" id="${escaped(id)}" aria-label="${title}">
    <h2>${title}</h2>
    ${verdictText(verdictOf(report))}
    ${report.basis === undefined ? html`` : html`<p class="quiet">${escaped(report.basis)}</p>`} ${inner}
  </section>`;
}

function contents(reports: readonly ReportData[]): Html {
  return html`<nav class="part" aria-label="Contents">
    <ul>
      ${reports.map((report, at) => {
        const { tone, sentence } = verdictOf(report);
        return html`<li>
          <a href="#r${at}">${escaped(report.title)}</a>
          <span class="badge ${escaped(tone)}" aria-hidden="true">${escaped(SIGNS[tone])}</span> ${escaped(sentence)}
        </li>`;
      })}
    </ul>
  </nav>`;
}

const ORDER: readonly Tone[] = ['bad', 'warn', 'good'];
const WORST: Readonly<Record<Tone, string>> = {
  bad: 'a limit did not hold, or something is not known',
  warn: 'something was stopped, is heading over or needs a look',
  good: 'every limit held and nothing was stopped',
};

/** The worst of several, in few words: the contents below have the sentence of each. */
function together(reports: readonly ReportData[]): Verdict {
  const verdicts = reports.map(verdictOf);
  const tone = ORDER.find((one) => verdicts.some((verdict) => verdict.tone === one)) ?? 'good';
  const worst = reports.filter((_, at) => verdicts[at]?.tone === tone);
  const count = numberWord(reports.length);
  const which = worst.length === reports.length ? 'each' : numberWord(worst.length);
  return { tone, sentence: `In ${which} of ${count} reports ${WORST[tone]}.` };
}
