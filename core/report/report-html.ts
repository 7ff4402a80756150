import { escaped, html, type Html } from '../markup';
import { ZERO } from '../money';
import { decisionsOf, type Decision } from './decisions';
import {
  card,
  columnsAsTheyAre,
  command,
  css,
  heading,
  mailPage,
  note,
  NOTHING,
  pageRow,
  paragraph,
  table,
} from './mail-markup';
import { CELL, FONT, INK, SOFT, TONES, wrapping } from './mail-style';
import type { Mover } from './movers';
import type { CostReport } from './report';
import {
  details,
  moverCells,
  moversIn,
  noMovers,
  spenderCells,
  spendersSection,
  spendersTotal,
  standing,
} from './report-parts';
import { asOfText, NOT_ZERO, reportSubject } from './report-text';
import type { Block, Row, Section } from './sections';
import { shareBar, spendBar } from './spend-bar';
import { verdictOf } from './verdict';

/**
 * The report as HTML that mail programs show alike: tables, styles in the elements, nothing loaded, nothing run. It says what the text
 * says, in the same order.
 */
export function reportHtml(report: CostReport, timeZone: string): Html {
  const spenders = spendersSection(report);
  return mailPage(
    reportSubject(report),
    html`${verdictBand(report)} ${card(html`${figureCells(standing(report))}${spendBar(report)}`)}
    ${card(html`${heading('What moved')}${moversTable(report)}`)}
    ${card(html`${heading('To decide')}${decisionList(decisionsOf(report))}`)}
    ${spenders ? card(html`${heading(spenders.heading)}${spendersTable(report, spenders)}`) : NOTHING}
    ${card(html`${details(report).map(sectionOf)}`)} ${pageRow(note(asOfText(report, timeZone), '0'))}`,
  );
}

/** What the month comes to, in one sentence, as loud as it is. */
function verdictBand(report: CostReport): Html {
  const { tone, text } = verdictOf(report);
  const { name, back, ink, edge } = TONES[tone];
  const what = `${report.environment}, Bedrock spend in ${report.month}`;
  const notZero = report.bill.kind === 'unavailable' ? html`<br />${escaped(NOT_ZERO)}` : NOTHING;
  const small = `${FONT}margin:0 0 4px;font-size:12px;line-height:16px;color:${ink};${wrapping(what)}`;
  const large = `${FONT}margin:0;font-size:18px;line-height:25px;font-weight:600;color:${ink};${wrapping(text)}`;
  const inside = html`<tr>
    <td style="padding:14px 16px;">
      <p class="${css(name)}-ink" style="${css(small)}">${escaped(what)}</p>
      <h1 class="${css(name)}-ink" style="${css(large)}">${escaped(text)}${notZero}</h1>
    </td>
  </tr>`;
  const style = `background-color:${back};border-left:6px solid ${edge};border-radius:8px;border-collapse:separate;`;
  return pageRow(table(inside, { name, style }));
}

/** Of characters; beside a longer one a label may break, or a phone has no room for both. */
const LONG_FIGURE = 18;

function figureCells(rows: readonly Row[]): Html {
  const cells = rows.map(
    ([label, value]) =>
      html`<tr>
        <th
          scope="row"
          align="left"
          valign="top"
          class="soft"
          style="${css(`${CELL}font-weight:400;${value.length <= LONG_FIGURE ? 'white-space:nowrap;' : ''}${SOFT}`)}"
        >
          ${escaped(label)}
        </th>
        <td align="right" class="ink" style="${css(`${CELL}padding-left:12px;font-weight:600;${INK}`)}">
          ${escaped(value)}
        </td>
      </tr>`,
  );
  return table(cells, { isData: true });
}

function moversTable(report: CostReport): Html {
  const movers = moversIn(report);
  return movers.length === 0
    ? paragraph(`${capital(noMovers(report))}.`)
    : table(movers.map(moverRow), { isData: true });
}

function moverRow(mover: Mover): Html {
  const [name, difference, percent, of] = moverCells(mover);
  const change = mover.difference ?? ZERO;
  const [tone, color] = change > 0 ? ['up', '#9a4a00'] : change < 0 ? ['down', '#1a7f37'] : ['ink', '#1f2328'];
  // Beside the sign, which a screen reader says.
  const arrow =
    change === 0 ? NOTHING : html`<span aria-hidden="true">${css(change > 0 ? '&#9650;' : '&#9660;')}</span> `;
  return html`<tr>
    <td class="ink" style="${css(`${CELL}${INK}${wrapping(name)}`)}">
      ${escaped(name)}<br /><span class="soft" style="${css(`font-size:12px;${SOFT}`)}">${escaped(of)}</span>
    </td>
    <td
      align="right"
      valign="top"
      class="${css(tone)}"
      style="${css(`${CELL}padding-left:12px;font-weight:600;white-space:nowrap;color:${color};`)}"
    >
      ${arrow}${escaped(difference)}<br /><span style="font-size:12px;font-weight:400;">${escaped(percent)}</span>
    </td>
  </tr>`;
}

function decisionList(decisions: readonly Decision[]): Html {
  return decisions.length === 0 ? paragraph('Nothing.') : table(decisions.map(decisionRow));
}

function decisionRow({ urgency, what, todo }: Decision): Html {
  const { name, ink, edge } = TONES[urgency];
  const style = `${FONT}margin:0;font-size:14px;line-height:20px;font-weight:600;color:${ink};${wrapping(what)}`;
  const inside = html`<tr>
    <td style="border-left:4px solid ${css(edge)};padding:0 0 0 10px;">
      <p class="${css(name)}-ink" style="${css(style)}">${escaped(what)}</p>
      ${todo.map(step)}
    </td>
  </tr>`;
  return html`<tr>
    <td style="padding:0 0 10px;">${table(inside)}</td>
  </tr>`;
}

/** Its command stands by itself, to be copied. */
function step(text: string): Html {
  const [whole, words = '', order = ''] = /^(?:([^:]*:) )?((?:npx spend-guard|aws) .*)$/s.exec(text) ?? [];
  if (whole === undefined) return paragraph(text);
  return html`${words === '' ? NOTHING : paragraph(words)}${command(order)}`;
}

function spendersTable({ spenders }: CostReport, section: Section): Html {
  if (spenders?.kind !== 'known') return html`${section.blocks.map(blockOf)}`;
  const { top, total, unknown } = spenders.value;
  const rows = spenderCells(spenders.value).map(([name = '', amount = '', share = ''], at) => {
    const width = Math.min(Math.round(top[at]?.sharePercent ?? 0), 100);
    const figure = `${CELL}padding-left:10px;white-space:nowrap;`;
    return html`<tr>
      <td class="ink" style="${css(`${CELL}${INK}${wrapping(name)}`)}">
        ${escaped(name)}${width > 0 ? shareBar(width) : NOTHING}
      </td>
      <td align="right" valign="top" class="ink" style="${css(`${figure}${INK}`)}">${escaped(amount)}</td>
      <td align="right" valign="top" class="soft" style="${css(`${figure}${SOFT}`)}">${escaped(share)}</td>
    </tr>`;
  });
  return html`${rows.length === 0 ? paragraph('Nobody, as far as it is known.') : table(rows, { isData: true })}
  ${top.length === 0 && total === 0 ? NOTHING : paragraph(spendersTotal(spenders.value))}
  ${unknown.map((what) => paragraph(`Not known: ${what}`))}`;
}

function sectionOf({ heading: title, blocks }: Section, at: number): Html {
  const style = `${FONT}margin:${at === 0 ? 0 : 16}px 0 4px;font-size:12px;line-height:16px;font-weight:600;${SOFT}${wrapping(title)}`;
  return html`<h3 class="soft" style="${css(style)}">${escaped(title)}</h3>
    ${blocks.map(blockOf)}`;
}

function blockOf(block: Block): Html {
  switch (block.kind) {
    case 'rows':
      return table(block.rows.map(detailRow), { isData: true });
    case 'lines':
      return html`${block.lines.map((line) => paragraph(line.trimStart(), indentOf(line)))}`;
    case 'table':
      return columnsAsTheyAre(block.lines);
  }
}

/** Of characters; an amount is shorter, and never broken. */
const SHORT_VALUE = 16;
/** What is longer is a sentence, and stands beneath its label. */
const LONG_VALUE = 60;

function detailRow([label, value]: Row): Html {
  const style = `${CELL}font-size:13px;${INK}`;
  if (value.length > LONG_VALUE) {
    return html`<tr>
      <td colspan="2" class="ink" style="${css(`${style}${wrapping(value)}`)}">
        <span class="soft" style="${css(`font-size:12px;${SOFT}`)}">${escaped(label)}</span><br />${escaped(value)}
      </td>
    </tr>`;
  }
  const keep = value.length <= SHORT_VALUE ? 'white-space:nowrap;' : wrapping(value);
  return html`<tr>
    <td valign="top" class="ink" style="${css(`${style}padding-right:12px;${wrapping(label)}`)}">${escaped(label)}</td>
    <td align="right" valign="top" class="ink" style="${css(`${style}${keep}`)}">${escaped(value)}</td>
  </tr>`;
}

/** Of a line's own spaces, in pixels. */
function indentOf(line: string): number {
  return (line.length - line.trimStart().length) * 6;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
