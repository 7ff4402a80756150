import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { SETTINGS_FILE, type Settings } from '../../core/settings';

/** What a function's asset holds. */
export interface ShippedCode {
  /** Hash of everything but the settings. */
  readonly code: string;
  /** What is shipped beside the code, by name, as a variable would be. */
  readonly settings: Settings;
}

const settingsShape = z.record(z.string(), z.string());

/**
 * The asset of a function in a cloud assembly, found by its key.
 * @param property the function's `Code`
 * @returns undefined where the assembly has none, or another kind of code
 */
export function shippedCode(folder: string, property: unknown): ShippedCode | undefined {
  const key = (property as { readonly S3Key?: unknown } | undefined)?.S3Key;
  if (typeof key !== 'string') return undefined;
  const asset = path.join(folder, `asset.${path.basename(key, '.zip')}`);
  if (!existsSync(asset)) return undefined;
  const files = readdirSync(asset, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const settings = settingsIn(path.join(asset, SETTINGS_FILE));
  const code = createHash('sha256');
  for (const file of files) {
    const name = path.relative(asset, file);
    if (name !== SETTINGS_FILE || settings === undefined) code.update(`${name}\0`).update(readFileSync(file));
  }
  return { code: code.digest('hex'), settings: settings ?? {} };
}

/** Of another app's function a file of that name may be anything: then it is code as the rest. */
function settingsIn(file: string): ShippedCode['settings'] | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return settingsShape.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
