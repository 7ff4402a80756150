/** `npm run release:template`: the one-click template and its code, for a bucket of one's own. */
import { version } from '../package.json';
import { ConfigError } from '../config';
import { GuardError } from '../core/errors';
import { buildTemplate } from './release-template/build';
import { parseOptions } from './release-template/options';
import { releaseLines } from './release-template/say';

function main(args: readonly string[]): number {
  const options = parseOptions(args, version);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  try {
    const built = buildTemplate({ ...options, outFolder: options.out });
    process.stdout.write(`${releaseLines(options, built).join('\n')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof GuardError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

process.exitCode = main(process.argv.slice(2));
