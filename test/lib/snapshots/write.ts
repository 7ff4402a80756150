import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { shippedStacks, SNAPSHOTS, snapshots } from '../../helpers/template-yaml/files';

for (const [file, text] of Object.entries(snapshots(shippedStacks()))) writeFileSync(path.join(SNAPSHOTS, file), text);
