import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { GuardError } from '../../core/errors';
import { parseSettings, SETTINGS_FILE, type Settings } from '../../core/settings';

/** What stands beside the code of a function whose bundle the assembly holds; empty where nothing does. */
export type SettingsOf = (s3Key: string) => Settings;

/**
 * Reads settings out of a synthesized assembly as a function would out of its code: the key in S3 names the asset's folder.
 * @throws GuardError TEMPLATE_UNSUPPORTED on a file that a function would refuse
 */
export function shippedSettings(assembly: string): SettingsOf {
  return (s3Key) => {
    const file = path.join(assembly, `asset.${path.basename(s3Key, '.zip')}`, SETTINGS_FILE);
    if (!existsSync(file)) return {};
    try {
      return parseSettings(readFileSync(file, 'utf8'));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'unreadable';
      throw new GuardError('TEMPLATE_UNSUPPORTED', `${file}: ${why}`, { cause });
    }
  };
}
