import * as Plot from '@observablehq/plot';
import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import type { Html } from '../../../core/markup';
import { duration } from '../words';
import { figure, type Size, WIDTHS } from './chart/figure';
import { rowsOf } from './chart/labels';
import { drawn, shape } from './chart/named';
import { timeTicks } from './chart/ticks';
import type { EnvironmentReport, Hold } from './data';
import { clockText, dateText, shortened, timeText } from './formats';

const EDGE = 8;
const LETTER = 11;
const ROW = 15;
const ROWS = 3;
const NAME = 20;
const BAR = 12;
const MAILS = 16;
const GAP = 14;
/** Two lines: the first time has its date below it. */
const BOTTOM = 40;

/** Each environment's denials as bars and its mails as dots, on the time in which anything happened. */
export function timelineChart(environments: readonly EnvironmentReport[], size: Size, id: string): Html {
  const [from, to] = spanOf(environments);
  const width = WIDTHS[size];
  const x = (at: number) => EDGE + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (width - 2 * EDGE);
  const several = environments.length > 1;
  let top = 0;
  const lanes = environments.map((report) => {
    const { holds, events, name } = report;
    const placed = rowsOf(
      holds.map((hold) => ({ text: holdText(hold, size), at: x(hold.from) })),
      { rows: ROWS, from: EDGE, to: width - EDGE, size: LETTER },
    );
    const rows = Math.max(0, ...placed.map((one) => (one?.row ?? -1) + 1));
    const lane = {
      ...{ name, holds, placed, rows, top },
      mails: events.filter(({ kind }) => kind === 'mail'),
      opened: events.filter(({ kind }) => kind === 'open'),
      bar: top + (several ? NAME : 4) + rows * ROW,
    };
    top = lane.bar + BAR + MAILS + GAP;
    return lane;
  });
  const height = top + BOTTOM;
  const count = (kind: string) =>
    environments.flatMap(({ events }) => events.filter((one) => one.kind === kind)).length;
  return figure({
    id,
    size,
    title: `What happened from ${timeText(from)} to ${timeText(to)}, UTC`,
    description: `${count('stop')} stops, ${count('degrade')} times large models denied, ${count('open')} times open again, ${count('mail')} mails; each stands in a table below.`,
    plot: {
      height,
      marginLeft: EDGE,
      marginRight: EDGE,
      marginTop: 0,
      marginBottom: BOTTOM,
      x: { type: 'utc', domain: [from, to] },
      y: { type: 'identity', axis: null },
      marks: [
        Plot.gridX(timeTicks(from, to, size === 'wide' ? 9 : 4), { className: 'grid' }),
        Plot.axisX({
          ticks: timeTicks(from, to, size === 'wide' ? 9 : 4),
          tickFormat: (at: Date, index: number) => tickText(at.getTime(), to - from, index === 0),
          tickSize: 4,
          label: null,
          className: 'axis',
        }),
        drawn((document) => {
          const group = shape(document, 'g', { class: 'lanes' });
          for (const lane of lanes) {
            if (several) {
              const named = shape(document, 'text', {
                class: 'lane',
                x: EDGE,
                y: lane.top + 13,
                'text-anchor': 'start',
              });
              named.textContent = shortened(lane.name, Math.floor(width / 8));
              group.append(named);
            }
            const y = lane.bar;
            group.append(shape(document, 'path', { class: 'base', d: `M${EDGE},${y + BAR + 8}H${width - EDGE}` }));
            lane.holds.forEach((hold, at) => {
              const start = x(hold.from);
              const wide = Math.max(3, x(hold.until ?? to) - start);
              group.append(
                shape(document, 'rect', { class: hold.state, x: start, y, width: wide, height: BAR, rx: 1 }),
              );
              const label = lane.placed[at];
              if (label === undefined) return;
              const baseline = y - 4 - label.row * ROW;
              if (label.row > 0)
                group.append(shape(document, 'path', { class: 'leader', d: `M${start + 0.5},${y}V${baseline + 2}` }));
              group.append(
                shape(
                  document,
                  'text',
                  { class: `hold ${hold.state}`, x: label.x, y: baseline, 'text-anchor': 'start' },
                  holdText(hold, size),
                ),
              );
            });
            for (const { at, text } of lane.mails)
              group.append(titled(document, 'mail', x(at), y + BAR + 8, `${timeText(at)} UTC: ${text}`));
            for (const { at, text } of lane.opened)
              group.append(titled(document, 'open', x(at), y + BAR + 8, `${timeText(at)} UTC: ${text}`));
          }
          return group;
        }),
      ],
    },
  });
}

function titled(document: Parameters<typeof shape>[0], className: string, cx: number, cy: number, text: string) {
  const dot = shape(document, 'circle', { class: `mark ${className}`, cx, cy, r: className === 'open' ? 4.5 : 3 });
  dot.append(shape(document, 'title', {}, text));
  return dot;
}

/** `stopped 03:41, 20 h 19 min`; where there is little room without how long. */
function holdText({ from, until, state, by }: Hold, size: Size): string {
  const what = state === 'stopped' ? 'stopped' : 'large off';
  if (size === 'small') return `${what} ${clockText(from)}`;
  const whom = by === 'the meter' ? '' : ` by ${by}`;
  return `${what}${whom} ${clockText(from)}${until === undefined ? ', to the end' : `, ${duration(until - from)}`}`;
}

/** With some time around it: what happened within a minute is not at both edges. */
function spanOf(environments: readonly EnvironmentReport[]): readonly [number, number] {
  const times = environments.flatMap(({ events, holds }) => [
    ...events.map(({ at }) => at),
    ...holds.flatMap(({ from, until }) => [from, ...(until === undefined ? [] : [until])]),
  ]);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const around = Math.max(3 * HOUR_MS, (last - first) * 0.03);
  // What still holds after the last event goes on to the right.
  const goesOn = environments.some(({ holds }) => holds.some(({ until }) => until === undefined));
  return [first - around, last + (goesOn ? Math.max(6 * HOUR_MS, (last - first) * 0.15) : around)];
}

function tickText(at: number, span: number, isFirst: boolean): string {
  if (at % DAY_MS === 0 || span > 30 * DAY_MS) return dateText(at);
  return isFirst ? `${clockText(at)}\n${dateText(at)}` : clockText(at);
}
