import { escaped, html, type Html } from '../../../core/markup';
import { nanoUsd, ZERO, type NanoUsd } from '../../../core/money';
import { bar } from './bars';
import { coursesOf } from './courses';
import type { EnvironmentReport, ReportData } from './data';
import { money, monthText, numberWord, percentText } from './formats';
import { SIGNS } from './parts';
import { beyondLimit, standingOf, stopsOf, toneOf, type Standing } from './verdict';

/** The figures that matter most, a few words each. */
export function tiles(report: ReportData): Html {
  const { environments, running = false } = report;
  const known = environments.flatMap(({ spent }) => (spent.kind === 'known' ? [spent.value] : []));
  const unknown = environments.length - known.length;
  const denied = environments.flatMap((one) => (one.denied === undefined ? [] : [one.denied]));
  const stops = environments.reduce((count, one) => count + stopsOf(one), 0);
  const forecasts = environments.flatMap(({ forecast }) => (forecast === undefined ? [] : [forecast]));
  const beyond = sum(environments.map(beyondLimit));
  const isLeast = unknown > 0 || environments.some(({ atLeast }) => atLeast === true);
  return html`<ul class="tiles">
    ${tile(
      running ? 'Spent so far' : 'Spent',
      known.length === 0 ? 'unknown' : `${isLeast ? '≥ ' : ''}${money(sum(known))}`,
      unknown > 0 && known.length > 0
        ? `${numberWord(unknown)} of ${numberWord(environments.length)} unknown`
        : limitsText(environments),
    )}
    ${tile(
      'Over the limit',
      known.length === 0 && beyond === ZERO ? 'unknown' : money(beyond),
      unknown > 0 ? 'as far as is known' : overCount(environments),
    )}
    ${
      forecasts.length === 0
        ? html``
        : tile(
            'Expected at the end',
            money(sum(forecasts)),
            forecasts.length < environments.length
              ? `of ${numberWord(forecasts.length)} of ${numberWord(environments.length)}`
              : 'of the month',
          )
    }
    ${denied.length === 0 || report.problems?.length ? html`` : tile('Denied, so not spent', money(sum(denied)), sum(denied) > ZERO ? 'an estimate' : 'nothing was denied')}
    ${running ? html`` : tile('Stops', String(stops), stops === 0 ? 'nobody was stopped' : countStopped(environments))}
    ${running ? deniedTile(environments) : html``}
  </ul>`;
}

function tile(label: string, value: string, note: string): Html {
  return html`<li>
    <span class="label">${escaped(label)}</span> <strong${value.length > 11 ? html` class="long"` : html``}>${escaped(value)}</strong> <span class="quiet">${escaped(note)}</span>
  </li>`;
}

/** A limit is for a month: several months have no limit together. */
function limitsText(environments: readonly EnvironmentReport[]): string {
  const months = Math.max(0, ...environments.map((one) => coursesOf(one).length));
  if (months > 1) return `in ${numberWord(months)} months`;
  return `of ${money(sum(environments.map(({ limit }) => limit)))} in limits`;
}

function overCount(all: readonly EnvironmentReport[]): string {
  const over = all.filter((report) => standingOf(report) === 'over').length;
  if (over === 0) return 'every limit held';
  return over === 1 ? 'one environment' : `${numberWord(over)} environments`;
}

/** Where the meter's word is not known, nobody knows that nothing is denied. */
function deniedTile(environments: readonly EnvironmentReport[]): Html {
  const label = 'Denied now';
  const all = environments.length;
  const unknown = environments.filter(({ deniedNow }) => deniedNow === undefined).length;
  if (unknown === all && all > 0) return tile(label, 'unknown', 'the meter does not say');
  const denied = environments.filter(({ deniedNow }) => deniedNow === 'stopped' || deniedNow === 'degraded');
  const [first] = denied;
  const value = first === undefined ? 'nothing' : denied.length === 1 ? first.name : `${denied.length} of ${all}`;
  const note = unknown === 0 ? 'as the meter left it' : `${numberWord(unknown)} of ${numberWord(all)} unknown`;
  return tile(label, value, note);
}

function countStopped(environments: readonly EnvironmentReport[]): string {
  const stopped = environments.filter((one) => stopsOf(one) > 0);
  return stopped.length === 1 ? `all in ${stopped[0]?.name ?? ''}` : `in ${numberWord(stopped.length)} environments`;
}

function sum(amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(
    Math.min(
      amounts.reduce((total, amount) => total + amount, 0),
      Number.MAX_SAFE_INTEGER,
    ),
  );
}

/** Every environment against its own limit, on one scale: percent of the limit. */
export function overview(report: ReportData): Html {
  const { environments } = report;
  // One that is far over its limit would make nothing of all others.
  const share = ({ most }: Row) => most;
  const rows = environments.map(rowOf);
  const scale = Math.min(2.5, Math.max(1.05, ...rows.map(share).map((part) => part * 1.05)));
  return html`<ul class="limits">
      ${rows.map((row) => limitRow(row, scale))}
    </ul>
    <p class="quiet">
      ${escaped(
        scaleText(
          environments,
          rows.some(({ most }) => most > scale),
        ),
      )}
    </p>`;
}

interface Row {
  readonly report: EnvironmentReport;
  /** Of the month that is shown; of several, the one nearest to the limit. */
  readonly spent: NanoUsd | undefined;
  readonly when: string;
  /** Of the limit. */
  readonly most: number;
}

function rowOf(report: EnvironmentReport): Row {
  const { limit, forecast = ZERO, spent } = report;
  const courses = coursesOf(report);
  const [first] = courses.toSorted((a, b) => b.spent - a.spent);
  const several = courses.length > 1 && first !== undefined;
  const shown = several ? first.spent : spent.kind === 'known' ? spent.value : undefined;
  return {
    report,
    spent: shown,
    when: several ? ` in ${monthText(first.from)}, the highest of ${numberWord(courses.length)} months` : '',
    most: Math.max(shown ?? 0, forecast) / Math.max(1, limit),
  };
}

function limitRow({ report, spent, when }: Row, scale: number): Html {
  const { name, limit, lines, forecast, atLeast, beside } = report;
  const besides = [
    ...(forecast === undefined ? [] : [`expected ${money(forecast)}`]),
    ...(beside === undefined ? [] : [beside]),
  ];
  const standing = standingOf(report);
  const marks = [
    ...lines.filter(({ percent }) => percent < 100).map(({ amount }) => ({ at: amount, className: 'tick' })),
    { at: limit, className: 'limit' },
  ];
  const figure =
    spent === undefined
      ? html`<strong>unknown</strong> ${escaped(`of ${money(limit)}`)}`
      : html`<strong>${escaped(`${atLeast === true ? 'at least ' : ''}${money(spent)}`)}</strong>
          ${escaped(`of ${money(limit)}`)} <span class="share">${escaped(percentText(spent, limit))}</span>`;
  return html`<li>
    <span class="name" title="${escaped(name)}">${escaped(name)}</span>
    ${badge(standing)}
    <span class="drawn"
      >${
        spent === undefined
          ? html`<span class="nothing">not known, so nothing is drawn</span>`
          : bar({
              value: spent,
              most: limit * scale,
              className: toneOf(standing),
              marks,
              ...(forecast !== undefined && { expected: forecast }),
            })
      }</span
    >
    <span class="figure"
      >${figure}${escaped(when)}${besides.map((text) => html`<br /><span class="quiet">${escaped(text)}</span>`)}</span
    >
  </li>`;
}

const WORDS: Readonly<Record<Standing, string>> = {
  unknown: 'unknown',
  over: 'over its limit',
  'heading over': 'heading over',
  waiting: 'waits for a person',
  'stopped now': 'is stopped',
  blind: 'not all is seen',
  stopped: 'was stopped',
  burning: 'needs a look',
  limited: 'was limited',
  within: 'within',
};

/** By sign and word as well as by colour. */
export function badge(standing: Standing): Html {
  const tone = toneOf(standing);
  return html`<span class="badge ${escaped(tone)}"
    ><span aria-hidden="true">${escaped(SIGNS[tone])}</span> ${escaped(WORDS[standing])}</span
  >`;
}

function scaleText(environments: readonly EnvironmentReport[], isCut: boolean): string {
  const expected = environments.some(({ forecast }) => forecast !== undefined);
  return `Each bar is in percent of its own limit: the thick line is the limit, the thin ones are what is set below it${expected ? ', the outline what is expected at the end of the month' : ''}.${isCut ? ' A bar with two strokes through its end is longer than is drawn.' : ''}`;
}
