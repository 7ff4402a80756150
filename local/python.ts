import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { LocalError } from './errors';

export const ROOT = path.resolve(__dirname, '..');
const OLDEST = { major: 3, minor: 10 };
const COMMANDS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
/** Holds the checksum of the requirements that were installed; written last, so that a half-made environment has none. */
const MARKER = 'requirements.sha256';

export interface PythonOptions {
  /** Holds `.venv` and `local/requirements.txt`. @default - the project */
  readonly root?: string;
  /** Tried in this order; the first one that is new enough is taken. */
  readonly commands?: readonly string[];
  readonly signal?: AbortSignal;
  /** Temporary files of pip. @default - the system's */
  readonly temporary?: string;
  readonly progress?: (line: string) => void;
}

/**
 * The project's virtual environment with the pinned packages, made or repaired where needed.
 * @returns the path of its Python
 * @throws PYTHON_MISSING, PYTHON_TOO_OLD, PYTHON_PACKAGES
 */
export async function preparePython(options: PythonOptions = {}): Promise<string> {
  const root = options.root ?? ROOT;
  const requirements = path.join(root, 'local/requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const folder = path.join(root, '.venv');
  const python = path.join(folder, 'bin/python');
  const marker = path.join(folder, MARKER);
  if (existsSync(python) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return python;

  const progress = options.progress ?? (() => undefined);
  const run = runner(options);
  const made = await versionOf(python, run);
  if (made === undefined || !isEnough(made)) {
    const system = await newEnough(options.commands ?? COMMANDS, run);
    progress(`preparing .venv with ${system}`);
    const venv = await run(system, ['-m', 'venv', '--clear', folder]);
    if (venv.failure !== undefined) {
      throw new LocalError(
        'PYTHON_PACKAGES',
        `${system} can not make a virtual environment (${lastLine(venv)}): install its venv module, python3-venv on Debian`,
      );
    }
  }
  rmSync(marker, { force: true });
  progress('installing local/requirements.txt into .venv');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes'];
  const installed = await run(python, [...pip, '-r', requirements]);
  if (installed.failure !== undefined) {
    const full = /no space left/i.test(installed.stderr);
    throw new LocalError(
      full ? 'DISK_FULL' : 'PYTHON_PACKAGES',
      `pip could not install local/requirements.txt: ${full ? 'no space left on the disk' : lastLine(installed)}`,
    );
  }
  writeFileSync(marker, wanted);
  return python;
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly failure?: Error;
}
type Run = (command: string, args: readonly string[]) => Promise<Ran>;

function runner({ signal, temporary }: PythonOptions): Run {
  return (command, args) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, ...(temporary === undefined ? {} : { TMPDIR: temporary }) };
      execFile(command, [...args], { env, ...(signal ? { signal } : {}) }, (failure, stdout, stderr) => {
        if (signal?.aborted) reject(new LocalError('INTERRUPTED', 'interrupted'));
        else resolve({ stdout, stderr, ...(failure ? { failure } : {}) });
      });
    });
}

/** "3.11", or undefined where the command does not run. */
async function versionOf(command: string, run: Run): Promise<string | undefined> {
  const { stdout, failure } = await run(command, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  return failure === undefined ? stdout.trim() : undefined;
}

async function newEnough(commands: readonly string[], run: Run): Promise<string> {
  const old: string[] = [];
  for (const command of commands) {
    const version = await versionOf(command, run);
    if (version === undefined) continue;
    if (isEnough(version)) return command;
    old.push(`${command} is ${version}`);
  }
  const needed = `the local AWS needs Python ${OLDEST.major}.${OLDEST.minor} or later on the PATH`;
  if (old.length > 0) throw new LocalError('PYTHON_TOO_OLD', `${needed}; found: ${old.join(', ')}`);
  throw new LocalError('PYTHON_MISSING', `${needed}; found none of ${commands.join(', ')}`);
}

function isEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

function lastLine({ stderr, stdout, failure }: Ran): string {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => /\S/.test(line) && !line.startsWith('WARNING'));
  return (lines.findLast((line) => line.startsWith('ERROR')) ?? lines.at(-1) ?? failure?.message ?? 'no output').trim();
}
