import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { SETTINGS_FILE, type Settings } from '../core/settings';

/**
 * A function's code with settings beside it, in a folder of its own for each content of the two: environments and processes
 * that synthesize at once never share one that differs. Nothing of the place or the time is in it.
 * @param bundle the folder of the code, whose name the new one begins with
 * @param place where the new one goes
 */
export function withSettings(bundle: string, settings: Settings, place: string): string {
  const code = path.join(bundle, 'index.js');
  const sorted = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const text = `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
  const hash = sha256(`${sha256(readFileSync(code))}\n${text}`).slice(0, 16);
  const folder = path.join(place, `${path.basename(bundle)}-${hash}`);
  if (existsSync(folder)) return folder;
  mkdirSync(place, { recursive: true });
  const temporary = mkdtempSync(path.join(place, '.settings-'));
  try {
    linkOrCopy(code, path.join(temporary, 'index.js'));
    writeFileSync(path.join(temporary, SETTINGS_FILE), text);
    renameSync(temporary, folder);
  } catch (error) {
    // Another process was faster, with the same content.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** A bundle is replaced by rename, never written into: a link keeps what it was made of, and takes no room. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
