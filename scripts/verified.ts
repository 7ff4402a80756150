import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSealed, ROWS, updateUnproven, type VerifiedRecord } from '../core/verify';
import { sha256 } from '../lambda/digest';

const ROOT = path.resolve(__dirname, '..');
const PAGE = 'docs/unproven.md';

/** A record that the page may take. @throws Error that says why not */
export function trusted(text: string, file: string): VerifiedRecord {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${file} is no JSON; name what spend-guard verify has written`);
  }
  const record = content as VerifiedRecord;
  if ((record as { schemaVersion?: unknown } | null)?.schemaVersion !== 1 || !Array.isArray(record.steps)) {
    throw new Error(`${file} is no record of this version of spend-guard verify (schemaVersion 1)`);
  }
  if (!isSealed(record, sha256)) throw new Error(`${file} was edited since it was written: run the steps again`);
  if (record.endpoint !== 'aws') throw new Error(`${file} was made against ${record.endpoint}, which is not AWS`);
  for (const { row } of record.steps.flatMap(({ findings }) => findings)) {
    if (!(row in ROWS)) throw new Error(`${file} tells of '${row}', which this version does not know`);
  }
  return record;
}

/** `verified.ts RECORD [PAGE]` */
function main(): void {
  const [file, page = path.join(ROOT, PAGE)] = process.argv.slice(2);
  if (file === undefined) throw new Error('name the record: npm run verified -- spend-guard.verified.json');
  const record = trusted(readFileSync(file, 'utf8'), file);
  const { text, rows, newer } = updateUnproven(readFileSync(page, 'utf8'), record);
  writeFileSync(page, text);
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/prettier/bin/prettier.cjs'), '--write', page], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const row of rows) process.stdout.write(`${PAGE}: ${ROWS[row]}\n`);
  for (const row of newer) process.stdout.write(`left as it is, as a later run has settled it: ${ROWS[row]}\n`);
  if (rows.length === 0) process.stdout.write('nothing of it settles a row\n');
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
