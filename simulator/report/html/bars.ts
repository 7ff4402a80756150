import { escaped, html, type Html } from '../../../core/markup';
import type { NanoUsd } from '../../../core/money';

export interface Bar {
  readonly value: NanoUsd;
  /** Of the whole width. */
  readonly most: number;
  readonly className: string;
  /** Lines across, such as a limit. */
  readonly marks?: readonly { readonly at: NanoUsd; readonly className: string }[];
  /** Expected, as an outline beyond the value. */
  readonly expected?: NanoUsd;
}

/** Two strokes of the ground through the right end: it goes on beyond what is drawn. */
const CUT = html`<svg
  class="cut"
  aria-hidden="true"
  x="96%"
  y="0"
  width="12"
  height="16"
  viewBox="0 0 12 16"
  overflow="visible"
>
  <path class="gap" d="M0,16L4,0M6,16L10,0" />
</svg>`;

/**
 * A bar as wide as there is room, beside figures that say the same. Drawn, not a background, which printers leave out; in percents, so
 * that one picture serves any width.
 */
export function bar({ value, most, className, marks = [], expected }: Bar): Html {
  const percent = (amount: number) =>
    `${most > 0 ? Math.round(Math.min(1, Math.max(0, amount) / most) * 10_000) / 100 : 0}%`;
  return html`<svg class="bar" aria-hidden="true" width="100%" height="16">
    <rect class="track" width="100%" height="8" y="4" rx="2" />
    ${
      expected === undefined
        ? html``
        : html`<rect class="expected" width="${escaped(percent(expected))}" height="7" y="4.5" rx="2" />`
    }
    <rect class="${escaped(className)}" width="${escaped(percent(value))}" height="8" y="4" rx="2" />
    ${Math.max(value, expected ?? 0) > most ? CUT : html``}
    ${marks.map(
      (mark) =>
        html`<line
          class="${escaped(mark.className)}"
          x1="${escaped(percent(mark.at))}"
          x2="${escaped(percent(mark.at))}"
          y1="0"
          y2="16"
        />`,
    )}
  </svg>`;
}
