import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const NAME = 'bedrock-spend-guard';

/** Of the package that this file is in, wherever in it that is. @throws Error where there is none */
export function guardVersion(from = __dirname): string {
  const file = path.join(from, 'package.json');
  if (existsSync(file)) {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    if (name === NAME && version !== undefined) return version;
  }
  const above = path.dirname(from);
  if (above === from) throw new Error(`no package.json of ${NAME} above ${__dirname}`);
  return guardVersion(above);
}
