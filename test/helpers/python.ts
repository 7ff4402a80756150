import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const BUILD = path.resolve(__dirname, '../../build');

/**
 * @param requirements a file `<name>-requirements.txt`, with hashes
 * @returns the Python of a virtual environment with these packages and no others, which stays for the next run
 */
export function pythonOf(requirements: string): string {
  const name = path.basename(requirements, '-requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = path.join(BUILD, `${name}-${wanted}`);
  const python = path.join(folder, 'bin/python');
  const marker = path.join(folder, 'installed');
  if (existsSync(marker)) return python;
  execFileSync('python3', ['-m', 'venv', '--clear', folder]);
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-input'];
  execFileSync(python, ['-m', 'pip', 'install', ...quietly, '--require-hashes', '-r', requirements], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  writeFileSync(marker, '');
  return python;
}
