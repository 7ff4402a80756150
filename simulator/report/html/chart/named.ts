import type * as Plot from '@observablehq/plot';
import type { Drawing, Shape } from './drawing';
import type { PlacedLabel } from './labels';

/** Something drawn in pixels: what stands there was placed so that nothing covers anything. */
export function drawn(draw: (document: Drawing) => Shape): Plot.RenderFunction {
  return (_index, _scales, _values, _dimensions, context) => draw(documentOf(context)) as never;
}

/** What the library was given to draw into: see figure.ts. */
function documentOf({ document }: { readonly document: unknown }): Drawing {
  return document as Drawing;
}

/** Labels to the right of what they name; a stroke leads from it to one that had to give way. */
export function namedAt(placed: readonly PlacedLabel[], edge: number): Plot.RenderFunction {
  return drawn((document) => {
    const group = shape(document, 'g', { class: 'names' });
    for (const { text, at, y, className } of placed) {
      group.append(
        shape(document, 'path', { class: 'leader', d: `M${edge + 1},${at}L${edge + 9},${y}` }),
        shape(document, 'text', { class: className, x: edge + 12, y: y + 4, 'text-anchor': 'start' }, text),
      );
    }
    return group;
  });
}

export function shape(
  document: Drawing,
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = '',
): Shape {
  const made = document.createElementNS('', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}
