import * as Plot from '@observablehq/plot';
import { escaped, html, type Html } from '../../../../core/markup';
import { Drawing, type Shape } from './drawing';

/** How wide a chart is drawn. A page shows the one that its reader has room for. */
export type Size = 'wide' | 'half' | 'small';
export const WIDTHS: Readonly<Record<Size, number>> = { wide: 976, half: 480, small: 328 };

export interface FigureOptions {
  /** Unique on the page. */
  readonly id: string;
  readonly size: Size;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly description: string;
  readonly plot: Plot.PlotOptions;
}

/** A picture that names itself; its colours are the page's. */
export function figure({ id, size, title, description, plot }: FigureOptions): Html {
  const svg = Plot.plot({
    ...plot,
    document: new Drawing() as never,
    width: WIDTHS[size],
  }) as unknown as Shape;
  // The page's own style says how it looks.
  for (const style of svg.children.filter(({ tagName }) => tagName === 'style')) style.remove();
  unlabelled(svg);
  const inner = svg.childNodes.map((part) => part.markup());
  const [width, height] = [svg.getAttribute('width') ?? '', svg.getAttribute('height') ?? ''];
  return html`<svg
    class="chart ${escaped(size)}"
    role="img"
    aria-labelledby="${escaped(`${id}-title ${id}-desc`)}"
    viewBox="0 0 ${escaped(width)} ${escaped(height)}"
    width="${escaped(width)}"
    height="${escaped(height)}"
  >
    <title id="${escaped(`${id}-title`)}">${escaped(title)}</title>
    <desc id="${escaped(`${id}-desc`)}">${escaped(description)}</desc>
    ${inner}
  </svg>`;
}

/** Names of groups are for the library's own users: a reader is told by title and description. */
function unlabelled(shape: Shape): void {
  shape.removeAttribute('aria-label');
  for (const child of shape.children) unlabelled(child);
}
