/** Markup that is safe to put into a page. */
export type Html = string & { readonly unit: 'Html' };

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): Html {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '') as Html;
}

/**
 * A page of one file that loads nothing and runs nothing: the same content gives the same bytes.
 * @param title is escaped here
 */
export function pageOf(title: string, style: string, body: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${escaped(title)}</title>
        <style>
          ${style as Html}
        </style>
      </head>
      <body>
        ${body}
      </body>
    </html> `;
}

type Value = Html | number | readonly Html[];

/** A template whose values are markup or numbers; plain text has to be escaped first, or it does not compile. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return strings.reduce((all, part, at) => {
    const value = values[at - 1];
    return `${all}${Array.isArray(value) ? value.join('') : String(value ?? '')}${part}`;
  }) as Html;
}
