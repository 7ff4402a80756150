import { escaped, html, type Html } from '../markup';
import { FONT, INK, MONO, SOFT, STYLE, wrapping } from './mail-style';

export const NOTHING = '' as Html;

/** Of this file's siblings' own words, never of what a report holds. */
export function css(text: string): Html {
  return text as Html;
}

/** The page around a mail's rows: 600 pixels at most, as narrow as a phone at least. */
export function mailPage(title: string, rows: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${escaped(title)}</title>
        <style>
          ${css(STYLE)}
        </style>
      </head>
      <body class="page" style="margin:0;padding:0;background-color:#f3f4f6;">
        ${table(
          html`<tr>
            <td align="center" style="padding:12px 8px;">${table(rows, { style: 'max-width:600px;' })}</td>
          </tr>`,
          { name: 'page', style: 'background-color:#f3f4f6;' },
        )}
      </body>
    </html> `;
}

/** @param rows of cells. A table that is there for its looks only is said to be so to those who hear a mail. */
export function table(rows: Html | readonly Html[], { name = '', style = '', isData = false } = {}): Html {
  const role = isData ? NOTHING : css('role="presentation" ');
  return html`<table
    ${role}class="${css(name)}"
    width="100%"
    cellpadding="0"
    cellspacing="0"
    border="0"
    style="${css(style)}"
  >
    ${rows}
  </table>`;
}

/** A row of the page. */
export function pageRow(content: Html): Html {
  return html`<tr>
    <td style="padding:0 4px 12px;">${content}</td>
  </tr>`;
}

/** A row of the page with a frame around it. */
export function card(content: Html): Html {
  const inside = html`<tr>
    <td style="padding:14px 16px;">${content}</td>
  </tr>`;
  return pageRow(
    table(inside, {
      name: 'card',
      style: 'background-color:#ffffff;border:1px solid #d8dee4;border-radius:8px;border-collapse:separate;',
    }),
  );
}

export function heading(text: string): Html {
  const style = `${FONT}margin:0 0 8px;font-size:15px;line-height:20px;${INK}${wrapping(text)}`;
  return html`<h2 class="ink" style="${css(style)}">${escaped(text)}</h2>`;
}

export function paragraph(text: string, indent = 0): Html {
  const style = `${FONT}margin:2px 0 0;padding-left:${indent}px;font-size:13px;line-height:19px;${INK}${wrapping(text)}`;
  return html`<p class="ink" style="${css(style)}">${escaped(text)}</p>`;
}

/** In small print. */
export function note(text: string, margin: string): Html {
  const style = `${FONT}margin:${margin};font-size:12px;line-height:17px;${SOFT}${wrapping(text)}`;
  return html`<p class="soft" style="${css(style)}">${escaped(text)}</p>`;
}

/** To be copied. */
export function command(text: string): Html {
  const style = `margin:4px 0 0;padding:6px 8px;background-color:#f3f4f6;border-radius:4px;${MONO}font-size:12px;line-height:17px;${INK}${wrapping(text)}`;
  return html`<p class="code" style="${css(style)}">${escaped(text)}</p>`;
}

/** Columns that are beneath each other in the text already; a narrow screen scrolls them alone. */
export function columnsAsTheyAre(lines: readonly string[]): Html {
  const style = `margin:0;${MONO}font-size:11px;line-height:16px;${INK}`;
  // Not a line of its own: spaces count in here.
  return html`<div style="overflow-x:auto;">
    <pre class="ink" style="${css(style)}">${escaped(lines.join('\n'))}</pre>
  </div>`;
}
