/** `npm run test:node -- 24`: what the project does, on another Node than the one at hand. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binaryFolder, NoBinaryError } from './test-node/binary';
import { environmentOf, passes, steps, versionOf } from './test-node/steps';
import { asked, NODES, type Asked } from './test-node/versions';

const say = (line: string) => process.stdout.write(`${line}\n`);

function run({ majors, rest }: Asked): boolean {
  let passed = 0;
  const output = mkdtempSync(path.join(tmpdir(), 'test-node-'));
  try {
    for (const major of majors) {
      const version = NODES[major];
      const env = environmentOf(binaryFolder(version, process));
      const found = versionOf(env);
      if (found !== `v${version}`) throw new NoBinaryError(`wanted Node v${version}, and got '${found}'`);
      for (const step of steps(rest, path.join(output, major))) {
        say(`\n== Node ${found}: ${step.what}`);
        if (!passes(step, env)) {
          say(`\nNode ${found}: ${step.what} failed; what follows was not run\n${passed} passed, 1 failed`);
          return false;
        }
        passed += 1;
      }
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
  say(`\nNode ${majors.map((major) => NODES[major]).join(', ')}\n${passed} passed, 0 failed`);
  return true;
}

function main(): void {
  const wanted = asked(process.argv.slice(2));
  if (typeof wanted === 'string') {
    process.stderr.write(`${wanted}\n`);
    process.exitCode = 2;
    return;
  }
  try {
    if (!run(wanted)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof NoBinaryError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

main();
