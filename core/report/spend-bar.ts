import { html, type Html } from '../markup';
import { formatUsd, type NanoUsd } from '../money';
import { css, note, NOTHING, table } from './mail-markup';
import type { BillFigures, CostReport } from './report';

interface BarFigures {
  readonly spent: number;
  readonly expected: number;
  readonly limit: number;
}

interface Part {
  readonly name: string;
  readonly color: string;
  readonly from: (figures: BarFigures) => number;
  readonly to: (figures: BarFigures) => number;
}

/** From left to right; a part whose end is not beyond its start is left out. */
const PARTS: readonly Part[] = [
  { name: 'bar-spent', color: '#0969da', from: () => 0, to: ({ spent, limit }) => Math.min(spent, limit) },
  {
    name: 'bar-more',
    color: '#a5c9f3',
    from: ({ spent }) => spent,
    to: ({ expected, limit }) => Math.min(expected, limit),
  },
  { name: 'bar-free', color: '#e5e8eb', from: ({ expected }) => expected, to: ({ limit }) => limit },
  { name: 'bar-over', color: '#cf222e', from: ({ limit }) => limit, to: ({ spent }) => spent },
  {
    name: 'bar-over-more',
    color: '#f0a8a4',
    from: ({ spent, limit }) => Math.max(spent, limit),
    to: ({ expected }) => expected,
  },
];

/** Spent, and what is expected on top of it, against the limit, beyond which it is red. Nothing where the bill is unknown. */
export function spendBar({ bill, limit }: CostReport): Html {
  if (bill.kind === 'unavailable') return NOTHING;
  const spent = bill.monthToDate;
  const expected = bill.forecast.kind === 'known' ? Math.max(bill.forecast.amount, spent) : spent;
  const figures = { spent, expected, limit };
  const whole = Math.max(limit, expected, 1);
  const cells = PARTS.map(({ name, color, from, to }) => {
    const part = to(figures) - from(figures);
    // However little it is, it shows.
    return part > 0 ? barCell(name, color, Math.max(Math.round((part / whole) * 100), 1), 12) : NOTHING;
  });
  return html`${table(
    html`<tr>
      ${cells}
    </tr>`,
    { style: 'margin-top:8px;' },
  )}${note(caption(bill, limit), '4px 0 0')}`;
}

/** @param share 1 to 100 */
export function shareBar(share: number): Html {
  const rest = share < 100 ? html`<td style="font-size:0;line-height:4px;">&nbsp;</td>` : NOTHING;
  return table(
    html`<tr>
      ${barCell('bar-spent', '#0969da', share, 4)}${rest}
    </tr>`,
  );
}

function barCell(name: string, color: string, width: number, height: number): Html {
  const style = `background-color:${color};font-size:0;line-height:${height}px;`;
  return html`<td
    class="${css(name)}"
    width="${width}%"
    height="${height}"
    bgcolor="${css(color)}"
    style="${css(style)}"
  >
    &nbsp;
  </td>`;
}

function caption({ monthToDate, forecast }: BillFigures, limit: NanoUsd): string {
  const expected = forecast.kind === 'known' ? forecast.amount : monthToDate;
  const lighter = forecast.kind === 'known' ? ', lighter what is expected on top of it until the month ends' : '';
  const rest =
    Math.max(expected, monthToDate) > limit
      ? `red is above the limit of ${formatUsd(limit)}`
      : `the whole bar is the limit of ${formatUsd(limit)}`;
  return `Full colour is what is spent${lighter}; ${rest}.`;
}
