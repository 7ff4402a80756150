import * as Plot from '@observablehq/plot';
import { DAY_MS } from '../../../core/calendar';
import type { Html } from '../../../core/markup';
import { nanoUsd, ZERO } from '../../../core/money';
import { figure, type Size, WIDTHS } from './chart/figure';
import { type Label, stacked, widthOf } from './chart/labels';
import { namedAt } from './chart/named';
import { dayTicks, dollarTicks } from './chart/ticks';
import { monthEnd, type Course, spentAt } from './courses';
import type { EnvironmentReport, Hold } from './data';
import { dateText, money, monthText, shortMoney, timeText } from './formats';

const HEIGHT: Readonly<Record<Size, number>> = { wide: 300, half: 250, small: 230 };
/** Dates that have room beside each other. */
const TICKS: Readonly<Record<Size, number>> = { wide: 11, half: 6, small: 4 };
const TOP = 14;
const BOTTOM = 26;
const LETTER = 11;
const LINE = 14;

interface Frame {
  readonly size: Size;
  readonly id: string;
  readonly running: boolean;
}

/** Month to date against the limit and its lines. */
export function courseChart(report: EnvironmentReport, course: Course, { size, id, running }: Frame): Html {
  const { limit, lines, forecast, events, name } = report;
  const { points, from } = course;
  // Of a month that goes on more is billed than the whole days that the line is of.
  const spent = running && report.spent.kind === 'known' ? report.spent.value : course.spent;
  const last = points.at(-1)?.at ?? from;
  const to = running ? monthEnd(course.month) : Math.max(last, from + DAY_MS);
  const most = Math.max(limit, spent, forecast ?? 0) * 1.06;
  const height = HEIGHT[size];
  const y = (amount: number) => height - BOTTOM - (amount / most) * (height - TOP - BOTTOM);
  const labels: readonly Label[] = [
    { text: `spent ${shortMoney(spent)}`, at: y(spent), weight: 9, className: 'value' },
    { text: `limit ${shortMoney(limit)}`, at: y(limit), weight: 8, className: 'limit' },
    ...(forecast === undefined
      ? []
      : [{ text: `expected ${shortMoney(forecast)}`, at: y(forecast), weight: 7, className: 'expected' }]),
    ...named(lines).map(({ percent, does, amount }) => ({
      text: `${percent}% ${does}`,
      at: y(amount),
      weight: does === 'mail' ? 1 : 5,
      className: 'tick',
    })),
  ];
  const right = Math.max(...labels.map(({ text }) => widthOf(text, LETTER))) + 18;
  const edge = WIDTHS[size] - right;
  const placed = stacked(labels, TOP, height - BOTTOM, LINE);
  const within = events.filter(({ at }) => at >= from && at <= to);
  const marks = within.map((event) => ({ ...event, spent: event.spent ?? spentAt(course, event.at) }));
  const of = (kind: string) => marks.filter((one) => one.kind === kind);
  const dot = (kind: 'mail' | 'stop' | 'degrade' | 'open', symbol: Plot.SymbolType, r: number) =>
    Plot.dot(of(kind), {
      x: 'at',
      y: 'spent',
      symbol,
      r,
      className: `mark ${kind}`,
      title: ({ at, text }: (typeof marks)[number]) => `${timeText(at)} UTC: ${text}`,
    });
  return figure({
    id,
    size,
    title: `${name}: ${monthText(from)}, month to date against the limit`,
    description: `${money(spent)} of ${money(limit)}${running ? ' so far' : ` at the end; ${within.length} events, which are listed below`}.`,
    plot: {
      height,
      marginLeft: 46,
      marginRight: right,
      marginTop: TOP,
      marginBottom: BOTTOM,
      x: { type: 'utc', domain: [from, to] },
      y: { domain: [0, most], axis: null },
      marks: [
        ...(['stopped', 'degraded'] as const).map((state) => held(report, state, { from, to, most })),
        Plot.axisY({
          ticks: dollarTicks(most),
          tickFormat: (amount: number) => shortMoney(nanoUsd(Math.round(amount))),
          tickSize: 0,
          label: null,
          className: 'axis',
        }),
        Plot.axisX({
          ticks: dayTicks(from, to, TICKS[size]),
          tickFormat: (at: Date) => dateText(at.getTime()),
          tickSize: 4,
          label: null,
          className: 'axis',
        }),
        Plot.ruleY([0], { className: 'base' }),
        Plot.ruleY(lines, { y: 'amount', className: 'threshold' }),
        Plot.ruleY([limit], { className: 'limit' }),
        // From both sides: of `y` alone the library makes a stack, which adds up two points of one time.
        Plot.areaY(points, { x: 'at', y1: 0, y2: 'spent', className: 'area' }),
        ...(forecast === undefined || !running
          ? []
          : [
              Plot.line([points.at(-1) ?? { at: from, spent: ZERO }, { at: to, spent: forecast }], {
                x: 'at',
                y: 'spent',
                className: 'forecast',
              }),
            ]),
        Plot.line(points, { x: 'at', y: 'spent', className: 'line' }),
        dot('mail', 'circle', 3),
        dot('degrade', 'triangle', 5),
        dot('open', 'circle', 5),
        dot('stop', 'square', 5),
        namedAt(placed, edge),
      ],
    },
  });
}

/** A line that does more than mail says that alone: who denies also mails. */
function named(lines: EnvironmentReport['lines']): EnvironmentReport['lines'] {
  return lines.filter(
    (line) => line.does !== 'mail' || !lines.some(({ percent, does }) => percent === line.percent && does !== 'mail'),
  );
}

/** The time in which models were denied, behind all else. */
function held(
  { holds }: EnvironmentReport,
  state: Hold['state'],
  { from, to, most }: { from: number; to: number; most: number },
) {
  const within = holds.filter((one) => one.state === state && one.from < to && (one.until ?? to) > from);
  return Plot.rect(within, {
    x1: (one: Hold) => Math.max(one.from, from),
    x2: ({ until = to }: Hold) => Math.min(until, to),
    y1: 0,
    y2: most,
    className: `held ${state}`,
  });
}

/** Spend of each month against the limit, which is for one month: nothing is added up over months. */
export function monthsChart(report: EnvironmentReport, courses: readonly Course[], { size, id }: Frame): Html {
  const { limit, name } = report;
  const most = Math.max(limit, ...courses.map(({ spent }) => spent)) * 1.08;
  const height = HEIGHT[size];
  const over = courses.filter(({ spent }) => spent > limit);
  const y = (amount: number) => height - BOTTOM - (amount / most) * (height - TOP - BOTTOM);
  const placed = stacked(
    [{ text: `limit ${shortMoney(limit)}`, at: y(limit), weight: 1, className: 'limit' }],
    TOP,
    height - BOTTOM,
    LINE,
  );
  const right = widthOf(`limit ${shortMoney(limit)}`, LETTER) + 18;
  const room = WIDTHS[size] - 46 - right;
  // A label for each month where there is room, else for every second, third …
  const every = Math.max(1, Math.ceil((courses.length * 52) / room));
  const shown = courses.filter((_, at) => at % every === 0);
  return figure({
    id,
    size,
    title: `${name}: each month against the limit`,
    description: `${courses.length} months, ${over.length} of them above the limit of ${money(limit)}; the figures are in a table below.`,
    plot: {
      height,
      marginLeft: 46,
      marginRight: right,
      marginTop: TOP,
      marginBottom: BOTTOM,
      x: { type: 'band', domain: courses.map(({ month }) => month), padding: 0.25 },
      y: { domain: [0, most], axis: null },
      marks: [
        Plot.axisY({
          ticks: dollarTicks(most),
          tickFormat: (amount: number) => shortMoney(nanoUsd(Math.round(amount))),
          tickSize: 0,
          label: null,
          className: 'axis',
        }),
        Plot.axisX(
          shown.map(({ month }) => month),
          {
            tickFormat: (month: string) => monthLabel(month, courses.length),
            tickSize: 0,
            label: null,
            className: 'axis',
          },
        ),
        Plot.barY(courses, {
          x: 'month',
          y: 'spent',
          className: 'months',
          title: ({ month, spent }: Course) => `${month}: ${money(spent)} of ${money(limit)}`,
        }),
        Plot.barY(over, { x: 'month', y1: () => limit, y2: 'spent', className: 'over' }),
        Plot.ruleY([0], { className: 'base' }),
        Plot.ruleY([limit], { className: 'limit' }),
        namedAt(placed, WIDTHS[size] - right),
      ],
    },
  });
}

/** `Mar`, and with the year where that is not plain. */
function monthLabel(month: string, count: number): string {
  const text = monthText(Date.parse(`${month}-01T00:00:00Z`));
  return count > 6 ? text.replace(/ 20(\d\d)$/, " '$1") : text;
}
