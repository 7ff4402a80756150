import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/** By the clock of the machine, which is how a zip writes times: the same bytes in every zone. */
const NO_TIME = new Date(1980, 0, 1, 12);
/** Read by everybody: Lambda runs the code as a user of its own. A Unix mode stands in the upper half. */
const MODE = 0o100644 << 16;
const UNIX = 3;

/** A folder as a zip whose bytes depend on its files' names and contents alone. */
export function zipOf(folder: string): Uint8Array {
  const files = [...filesIn(folder)].sort();
  const entries = files.map((file): readonly [string, Zippable[string]] => [
    file,
    [readFileSync(path.join(folder, file)), { mtime: NO_TIME, os: UNIX, attrs: MODE, level: 9 }],
  ]);
  return zipSync(Object.fromEntries(entries));
}

/** With slashes, whatever the machine. */
function filesIn(folder: string, within = ''): readonly string[] {
  return readdirSync(path.join(folder, within)).flatMap((name) => {
    const inside = within === '' ? name : `${within}/${name}`;
    return statSync(path.join(folder, inside)).isDirectory() ? filesIn(folder, inside) : [inside];
  });
}
