import type { Tone } from './verdict';

export const FONT = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;';
export const MONO = 'font-family:Consolas,Menlo,monospace;';
export const INK = 'color:#1f2328;';
export const SOFT = 'color:#57606a;';
export const CELL = `${FONT}padding:4px 0;font-size:14px;line-height:20px;`;

/** A word that is longer breaks anywhere, or a phone has to be scrolled sideways. */
const LONG_WORD = /\S{18}/;

/** The style of a text that may hold names: others break between words alone. */
export function wrapping(text: string): string {
  return LONG_WORD.test(text) ? 'word-break:break-word;overflow-wrap:anywhere;' : '';
}

interface ToneStyle {
  /** Of the classes that the dark style names. */
  readonly name: string;
  readonly back: string;
  readonly ink: string;
  readonly edge: string;
}

export const TONES: Readonly<Record<Tone, ToneStyle>> = {
  good: { name: 'good', back: '#dafbe1', ink: '#0a4a1e', edge: '#1a7f37' },
  look: { name: 'look', back: '#fff8c5', ink: '#5c3d00', edge: '#bf8700' },
  act: { name: 'act', back: '#ffebe9', ink: '#8a0f18', edge: '#cf222e' },
  unknown: { name: 'unknown', back: '#eaeef2', ink: '#32383f', edge: '#57606a' },
};

const DARK = {
  page: 'background-color:#0d1117',
  card: 'background-color:#161b22;border-color:#30363d',
  ink: 'color:#e6edf3',
  soft: 'color:#9da7b3',
  code: 'background-color:#0d1117;color:#e6edf3',
  up: 'color:#f0a35e',
  down: 'color:#56d364',
  'bar-spent': 'background-color:#4493f8',
  'bar-more': 'background-color:#2b5282',
  'bar-free': 'background-color:#30363d',
  'bar-over': 'background-color:#f85149',
  'bar-over-more': 'background-color:#8e3b38',
  good: 'background-color:#0f2a18',
  'good-ink': 'color:#7ee2a0',
  look: 'background-color:#2e2505',
  'look-ink': 'color:#f2cc60',
  act: 'background-color:#3a1114',
  'act-ink': 'color:#ff9c95',
  unknown: 'background-color:#21262d',
  'unknown-ink': 'color:#c9d1d9',
} as const;

function important(declarations: string): string {
  return declarations
    .split(';')
    .map((declaration) => `${declaration}!important`)
    .join(';');
}

/** For mail programs that read a style sheet; what stands in the elements is the light one. */
export const STYLE = [
  ':root{color-scheme:light dark;supported-color-schemes:light dark}',
  '@media (prefers-color-scheme:dark){',
  ...Object.entries(DARK).map(([name, declarations]) => `.${name}{${important(declarations)}}`),
  '}',
].join('');
