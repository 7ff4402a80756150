/** A label and what stands beside it. */
export type Row = readonly [string, string];

/** A part of the report under its heading, of which a mail as text and one as HTML are made. */
export interface Section {
  readonly heading: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** Two spaces ahead of a line are an indent. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  /** Lines whose columns are beneath each other. */
  | { readonly kind: 'table'; readonly lines: readonly string[] };

export function rows(of: readonly Row[]): Block {
  return { kind: 'rows', rows: of };
}

export function lines(...of: readonly string[]): Block {
  return { kind: 'lines', lines: of };
}

/** The heading, and all else two spaces in. */
export function sectionText({ heading, blocks }: Section): string[] {
  return [heading, ...blocks.flatMap(blockText).map((line) => `  ${line}`.trimEnd())];
}

function blockText(block: Block): readonly string[] {
  return block.kind === 'rows' ? columns(block.rows) : block.lines;
}

/** Label and value a row, the values beneath each other. */
export function columns(of: readonly Row[]): string[] {
  const width = Math.max(...of.map(([label]) => label.length));
  return of.map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}
