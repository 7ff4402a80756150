import { escaped, type Html } from '../../../../core/markup';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The part of a browser's document that the chart library writes a picture with, and its text afterwards. A whole one in JavaScript is as
 * large as the library itself (ADR 25).
 */
export class Drawing {
  readonly documentElement = new Shape(this, 'svg');

  createElementNS(_namespace: string, name: string): Shape {
    return new Shape(this, name);
  }

  createElement(name: string): Shape {
    return new Shape(this, name);
  }

  createTextNode(text: string): Text {
    return new Text(text);
  }
}

class Text {
  parentNode: Shape | null = null;

  constructor(readonly data: string) {}

  get textContent(): string {
    return this.data;
  }

  markup(): Html {
    return escaped(this.data);
  }
}

type Part = Shape | Text;

export class Shape {
  readonly namespaceURI = SVG;
  parentNode: Shape | null = null;
  readonly childNodes: Part[] = [];
  private readonly attributes = new Map<string, string>();

  constructor(
    readonly ownerDocument: Drawing,
    readonly tagName: string,
  ) {}

  get children(): readonly Shape[] {
    return this.childNodes.filter((part) => part instanceof Shape);
  }

  get firstChild(): Part | null {
    return this.childNodes[0] ?? null;
  }

  get textContent(): string {
    return this.childNodes.map((part) => part.textContent).join('');
  }

  set textContent(text: string) {
    this.childNodes.length = 0;
    if (text !== '') this.appendChild(new Text(text));
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, String(value));
  }

  setAttributeNS(_namespace: string, name: string, value: unknown): void {
    this.setAttribute(name, value);
  }

  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }

  appendChild<T extends Part>(part: T): T {
    return this.insertBefore(part, null);
  }

  append(...parts: readonly Part[]): void {
    for (const part of parts) this.appendChild(part);
  }

  insertBefore<T extends Part>(part: T, before: Part | null): T {
    part.parentNode?.removeChild(part);
    const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
    this.childNodes.splice(at, 0, part);
    part.parentNode = this;
    return part;
  }

  removeChild<T extends Part>(part: T): T {
    const at = this.childNodes.indexOf(part);
    if (at >= 0) this.childNodes.splice(at, 1);
    part.parentNode = null;
    return part;
  }

  remove(): void {
    this.parentNode?.removeChild(this);
  }

  /** Names are the library's own, and values whoever's. */
  markup(): Html {
    const attributes = [...this.attributes].map(([name, value]) => ` ${name}="${escaped(shortened(value))}"`).join('');
    const inner = this.childNodes.map((part) => part.markup()).join('');
    return `<${this.tagName}${attributes}>${inner}</${this.tagName}>` as Html;
  }
}

/** Coordinates come with fifteen decimals, of which a screen shows one. */
function shortened(value: string): string {
  return value.replace(/-?\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10));
}
