import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { cliReference } from './reference/cli';
import { configReference } from './reference/config';

/** docs/reference/*.md, made from the code: each file's name and its text. A test fails when one is out of date. */
export function references(): Readonly<Record<string, string>> {
  return { 'cli.md': cliReference(), 'config.md': configReference() };
}

function main(): void {
  for (const [file, text] of Object.entries(references())) {
    writeFileSync(path.resolve(__dirname, '../docs/reference', file), text);
  }
}

if (require.main === module) main();
