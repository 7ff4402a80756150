import { DAY_MS } from '../../../core/calendar';
import { formatUsd } from '../../../core/money';
import { utcMinute, type ReportEvent } from '../story';
import { cumulative, type EnvironmentReport } from './data';
import { escaped, html, type Html } from '../../../core/markup';

const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 20;
const RIGHT = 96;
const TOP = 16;
const BOTTOM = 32;
const MARK = 5;
/** Labels nearer to each other than this would run into one another. */
const LABEL_HEIGHT = 13;
const X_LABELS = 6;

/** Spend against the limit over the time, with the lines and what happened at them. */
export function spendChart(report: EnvironmentReport, id: string): Html {
  const points = cumulative(report.days);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return html`<p>Nothing was used.</p>`;
  const from = first.at;
  const to = Math.max(last.at + DAY_MS, ...report.events.map(({ at }) => at));
  const most = Math.max(report.limit, ...points.map(({ spent }) => spent)) * 1.05;
  const x = (at: number) => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (amount: number) => HEIGHT - BOTTOM - (amount / most) * (HEIGHT - TOP - BOTTOM);
  const path = points
    .map(
      ({ at, spent, begins }) =>
        `${begins ? `L${round(x(at))},${round(y(0))}` : ''}L${round(x(at + DAY_MS))},${round(y(spent))}`,
    )
    .join('');
  const end = points.at(-1)?.spent ?? 0;
  const description = `${formatUsd(last.spent)} of ${formatUsd(report.limit)} at the end; ${report.events.length} events, listed in the table below.`;
  return html`<svg
    class="chart"
    role="img"
    aria-labelledby="${escaped(id)}-title ${escaped(id)}-desc"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
  >
    <title id="${escaped(id)}-title">${escaped(`${report.name}: month to date against the limit`)}</title>
    <desc id="${escaped(id)}-desc">${escaped(description)}</desc>
    ${xAxis(from, to, x)} ${yLines(report, y)}
    <path
      class="area"
      d="M${round(x(from))},${round(y(0))}${escaped(path)}L${round(x(last.at + DAY_MS))},${round(y(0))}Z"
    />
    <path class="line" d="M${round(x(from))},${round(y(0))}${escaped(path)}" />
    <text class="value" x="${round(x(last.at + DAY_MS) + 4)}" y="${round(Math.max(y(end) - 4, TOP))}">
      ${escaped(formatUsd(last.spent))}
    </text>
    ${report.events.map((event) => mark(event, x(event.at), y(event.spent ?? spentAt(points, event.at))))}
  </svg>`;
}

/** Month-to-date shortly before a time, as the line has it. */
function spentAt(points: ReturnType<typeof cumulative>, at: number): number {
  const day = points.findLast((point) => point.at <= at);
  if (day === undefined) return 0;
  const start = day.begins ? 0 : (points[points.indexOf(day) - 1]?.spent ?? 0);
  return start + ((day.spent - start) * Math.min(at - day.at, DAY_MS)) / DAY_MS;
}

function xAxis(from: number, to: number, x: (at: number) => number): readonly Html[] {
  const days = Math.max(1, Math.round((to - from) / DAY_MS));
  const step = Math.ceil(days / X_LABELS);
  return Array.from({ length: Math.ceil(days / step) }, (_, at) => {
    const time = from + at * step * DAY_MS;
    const text = new Date(time).toISOString().slice(5, 10);
    return html`<text class="tick" x="${round(x(time))}" y="${HEIGHT - 10}">${escaped(text)}</text>`;
  });
}

/** The limit and the lines; a label that would cover another is left to the table. */
function yLines({ limit, lines }: EnvironmentReport, y: (amount: number) => number): readonly Html[] {
  const all = [
    { label: `limit ${formatUsd(limit)}`, amount: limit, isLimit: true },
    ...lines.map((one) => ({ ...one, isLimit: false })),
  ];
  const taken: number[] = [];
  return all.map(({ label, amount, isLimit }) => {
    const at = y(amount);
    const fits = taken.every((other) => Math.abs(other - at) >= LABEL_HEIGHT);
    if (fits) taken.push(at);
    const text = fits
      ? html`<text class="tick" x="${WIDTH - RIGHT + 6}" y="${round(at + 4)}">${escaped(label)}</text>`
      : html``;
    return html`<line
        class="${escaped(isLimit ? 'limit' : 'threshold')}"
        x1="${LEFT}"
        x2="${WIDTH - RIGHT}"
        y1="${round(at)}"
        y2="${round(at)}"
      />${text}`;
  });
}

/** By shape as well as by colour: mails are round, stops square, openings point up. */
function mark({ kind, at, text }: ReportEvent, x: number, y: number): Html {
  const title = html`<title>${escaped(`${utcMinute(at)} UTC: ${text}`)}</title>`;
  const [cx, cy] = [round(x), round(y)];
  switch (kind) {
    case 'mail':
      return html`<circle class="mail" cx="${cx}" cy="${cy}" r="${MARK - 1}">${title}</circle>`;
    case 'stop':
      return html`<rect class="stop" x="${cx - MARK}" y="${cy - MARK}" width="${2 * MARK}" height="${2 * MARK}"
        >${title}</rect
      >`;
    case 'degrade':
      return html`<path class="degrade" d="M${cx},${cy + MARK}l${MARK},${-2 * MARK}h${-2 * MARK}z">${title}</path>`;
    case 'open':
      return html`<path class="open" d="M${cx},${cy - MARK}l${MARK},${2 * MARK}h${-2 * MARK}z">${title}</path>`;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const BAR_HEIGHT = 18;
const BAR_GAP = 6;

/** What went to which model, the dearest at the top; the amounts are in the table below. */
export function modelChart({ name, models }: EnvironmentReport, id: string): Html {
  const most = Math.max(...models.map(({ spent }) => spent));
  if (!(most > 0)) return html``;
  const height = models.length * (2 * BAR_HEIGHT + BAR_GAP);
  return html`<svg
    class="chart bars"
    role="img"
    aria-labelledby="${escaped(id)}-models ${escaped(id)}-models-desc"
    viewBox="0 0 ${WIDTH} ${height}"
  >
    <title id="${escaped(id)}-models">${escaped(`${name}: spend by model`)}</title>
    <desc id="${escaped(id)}-models-desc">
      ${escaped(`${models.length} models, the dearest first; the amounts are in the table below.`)}
    </desc>
    ${models.map(({ model, spent }, at) => {
      const top = at * (2 * BAR_HEIGHT + BAR_GAP);
      return html`<text class="tick" x="0" y="${top + BAR_HEIGHT - 4}">${escaped(`${model}: ${formatUsd(spent)}`)}</text
        ><rect
          class="bar"
          x="0"
          y="${top + BAR_HEIGHT}"
          height="${BAR_HEIGHT - 4}"
          width="${round((spent / most) * WIDTH)}"
        />`;
    })}
  </svg>`;
}
