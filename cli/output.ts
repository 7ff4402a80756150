import { printableJson, withoutControls } from './printable';
import type { CommandResult, Line, Tone } from './result';

/** Where a command's words go. */
export interface Terminal {
  stdout(text: string): void;
  stderr(text: string): void;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** NO_COLOR is set (https://no-color.org). */
  readonly noColor: boolean;
}

/** Counts up when a key of any command's JSON changes its meaning or goes. */
export const SCHEMA_VERSION = 1;

/** What takes longer is announced. */
export const PROGRESS_AFTER_MS = 1_000;

const COLOURS: Readonly<Record<Tone, string>> = { good: '\u001b[32m', warning: '\u001b[33m', bad: '\u001b[31m' };
const PLAIN = '\u001b[0m';
const CLEAR_LINE = '\r\u001b[K';

/** The one place that prints: results on standard output, progress and errors on standard error. No name in them commands a terminal. */
export class Output {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private shown = false;
  private readonly beganMs = performance.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly format: 'text' | 'json',
  ) {}

  result(command: string, { data, lines, exitCode }: CommandResult): void {
    this.endProgress();
    const text =
      this.format === 'json'
        ? json({ schemaVersion: SCHEMA_VERSION, command, exitCode, ...data })
        : lines.map((line) => this.rendered(line)).join('\n');
    this.terminal.stdout(text === '' ? '' : `${text}\n`);
  }

  /** At once; the result of the command is yet to come, and with `--json` is the one document. */
  say(lines: readonly Line[]): void {
    this.endProgress();
    const text = `${lines.map((line) => this.rendered(line)).join('\n')}\n`;
    if (this.format === 'json') this.terminal.stderr(text);
    else this.terminal.stdout(text);
  }

  warn(text: string): void {
    this.endProgress();
    this.terminal.stderr(`${withoutControls(text)}\n`);
  }

  /** With `--json` the error is JSON too, so that whoever parses one stream need not read the other. */
  error(command: string, exitCode: number, code: string, message: string): void {
    this.endProgress();
    this.terminal.stderr(`${withoutControls(message)}\n`);
    if (this.format !== 'json') return;
    const document = { schemaVersion: SCHEMA_VERSION, command, exitCode, error: { code, message } };
    this.terminal.stdout(`${json(document)}\n`);
  }

  /** Says what goes on, once the command has taken a second. The next word replaces it. */
  progress(text: string): void {
    this.endProgress();
    const show = () => {
      this.shown = true;
      this.terminal.stderr(this.terminal.stderrIsTerminal ? `${text} ...` : `${text} ...\n`);
    };
    // Work that never waits for anything outside leaves a timer no turn.
    const leftMs = this.beganMs + PROGRESS_AFTER_MS - performance.now();
    if (leftMs <= 0) show();
    else this.timer = setTimeout(show, leftMs).unref();
  }

  endProgress(): void {
    clearTimeout(this.timer);
    if (this.shown && this.terminal.stderrIsTerminal) this.terminal.stderr(CLEAR_LINE);
    this.shown = false;
  }

  private rendered(line: Line): string {
    const text = withoutControls(typeof line === 'string' ? line : line.text);
    if (typeof line === 'string' || !this.terminal.stdoutIsTerminal || this.terminal.noColor) return text;
    return `${COLOURS[line.tone]}${text}${PLAIN}`;
  }
}

function json(document: object): string {
  return printableJson(JSON.stringify(document, undefined, 2));
}
