import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '..');
export const COMMAND = 'npm start';
const TITLE = 'A program runs away at night, and the meter stops it within the hour';

const MOST_LINES = 44;
const MOST_COLUMNS = 120;
/** How many of the lines end the picture, where some are left out: what the runaway came to. */
const LAST_LINES = 10;
/** From here on the output says what to do. */
const ADVICE = 'What next';

/** In pixels; the advance of a character is that of the common monospace fonts, three fifths of their size. */
const FONT = { size: 13, advance: 7.8, line: 18 } as const;
const MARGIN = 16;

/** What the program prints before its advice, the middle left out where it is long. */
export function excerpt(output: string): readonly string[] {
  const all = output.trimEnd().split('\n');
  const advice = all.indexOf(ADVICE);
  const story = (advice < 0 ? all : all.slice(0, advice)).join('\n').trimEnd().split('\n');
  const first = MOST_LINES - LAST_LINES - 1;
  const lines = story.length <= MOST_LINES ? story : [...story.slice(0, first), '  …', ...story.slice(-LAST_LINES)];
  return lines.map((line) => (line.length <= MOST_COLUMNS ? line : `${line.slice(0, MOST_COLUMNS - 1)}…`));
}

/** @param lines what stands in the terminal, the prompt and the command first */
export function terminal(lines: readonly string[]): string {
  const columns = Math.max(...lines.map(({ length }) => length));
  const width = Math.ceil(columns * FONT.advance) + 2 * MARGIN;
  const height = lines.length * FONT.line + 2 * MARGIN;
  const rows = lines.map((line, index) => {
    const y = MARGIN + FONT.size + index * FONT.line;
    return line === ''
      ? ''
      : `<text x="${MARGIN}" y="${y}"${index === 0 ? ' class="typed"' : ''}>${escaped(line)}</text>\n`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(TITLE)}</title>
<style>
rect { fill: #f6f8fa; stroke: #d0d7de }
text { fill: #1f2328; font: ${FONT.size}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre }
.typed { font-weight: bold }
@media (prefers-color-scheme: dark) { rect { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 } }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>
${rows.join('')}</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** docs/terminal.svg, from what the program prints now. */
function main(): void {
  const output = execFileSync(process.execPath, ['-r', 'tsx/cjs', path.join('bin', 'simulate.ts')], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [`$ ${COMMAND}`, ...excerpt(output)];
  writeFileSync(path.join(ROOT, 'docs/terminal.svg'), terminal(lines));
}

if (require.main === module) main();
