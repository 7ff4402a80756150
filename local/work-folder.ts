import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from './errors';

const PREFIX = 'spend-guard-local-';
const OWNER = 'owner.json';
/** The functions' bundles are unpacked there, once per warm worker; a run took 60 MB. */
const NEEDED_BYTES = 256 * 1024 * 1024;

interface Owner {
  /** Who made the folder. */
  readonly pid: number;
  /** The emulator that works in it. */
  readonly emulator?: number;
}

/** Everything that a run leaves on the disk, in one folder. */
export class WorkFolder {
  private constructor(readonly path: string) {}

  /** @throws DISK_FULL */
  static make(parent = tmpdir(), freeBytes: (folder: string) => number = freeOn): WorkFolder {
    const free = freeBytes(parent);
    if (free < NEEDED_BYTES) throw full(parent, free);
    try {
      const folder = new WorkFolder(mkdtempSync(path.join(parent, PREFIX)));
      folder.write({ pid: process.pid });
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw full(parent, 0);
      throw error;
    }
  }

  /** A folder inside, made where it is absent. */
  inside(name: string): string {
    const folder = path.join(this.path, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** For the temporary files of what it starts. What tsx compiles is kept beside it: the app is the same for the next one. */
  temporary(parent = tmpdir()): string {
    const folder = this.inside('tmp');
    const cache = `tsx-${process.getuid?.()}`;
    mkdirSync(path.join(parent, cache), { recursive: true });
    symlinkSync(path.join(parent, cache), path.join(folder, cache));
    return folder;
  }

  usedBy(emulator: number | undefined): void {
    if (emulator !== undefined) this.write({ pid: process.pid, emulator });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  private write(owner: Owner): void {
    writeFileSync(path.join(this.path, OWNER), JSON.stringify(owner));
  }
}

/**
 * Removes what interrupted runs left: their folders, and their emulators where one still runs.
 * @returns a line for each
 */
export async function removeStale(parent = tmpdir()): Promise<string[]> {
  const removed: string[] = [];
  for (const name of readdirSync(parent).filter((one) => one.startsWith(PREFIX))) {
    const folder = path.join(parent, name);
    const owner = ownerOf(folder);
    if (!owner || alive(owner.pid)) continue;
    const { emulator } = owner;
    const runs = emulator !== undefined && isEmulatorOf(emulator, folder);
    if (runs) await end(emulator);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    removed.push(`removed what an interrupted run left: ${folder}${runs ? `, and its emulator ${emulator}` : ''}`);
  }
  return removed;
}

/** With the workers of the functions, which are in its group; its port is free afterwards. */
async function end(emulator: number): Promise<void> {
  process.kill(-emulator, 'SIGKILL');
  for (let tries = 0; alive(emulator) && tries < 100; tries++) await sleep(20);
}

/** Undefined where the folder is just being made, or being removed. */
function ownerOf(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, OWNER), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The folder stands in the emulator's command line; a process id may belong to another program by now. */
function isEmulatorOf(pid: number, folder: string): boolean {
  if (!alive(pid)) return false;
  try {
    return execFileSync('ps', ['-p', String(pid), '-ww', '-o', 'command='], { encoding: 'utf8' }).includes(folder);
  } catch {
    return false;
  }
}

function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function full(folder: string, free: number): LocalError {
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  return new LocalError(
    'DISK_FULL',
    `${folder} has ${megabytes(free)} MB left and the local AWS needs ${megabytes(NEEDED_BYTES)}: free some, or point TMPDIR elsewhere`,
  );
}
