import { parseArgs } from 'node:util';
import { PARAMETERS } from '../../lib';
import { brokenRule } from './bucket-name';

export interface ReleaseOptions {
  readonly region: string;
  readonly bucket?: string;
  readonly prefix: string;
  readonly out: string;
}

export const USAGE = `npm run release:template -- --region <region> [--bucket <name>] [--prefix <folder>/] [--out <folder>]
  --region <region>    where the stack will be: the code must lie in the same Region
  --bucket <name>      an S3 bucket there, which the template then asks by default; else it is a parameter without one
  --prefix <folder>/   in the bucket, ending in a slash; '' for none; by default spend-guard/<version>/
  --out <folder>       by default build/template`;

/** @returns what is wrong, in words, or the options. @param version of this release */
export function parseOptions(args: readonly string[], version: string): ReleaseOptions | string {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        region: { type: 'string' },
        bucket: { type: 'string' },
        prefix: { type: 'string', default: `spend-guard/${version}/` },
        out: { type: 'string', default: 'build/template' },
      },
    }));
  } catch (error) {
    return `${(error as Error).message}\n${USAGE}`;
  }
  const { region, bucket, prefix, out } = values;
  if (region === undefined || region === '') return `--region must be given, such as --region eu-central-1\n${USAGE}`;
  const broken = bucket === undefined ? undefined : brokenRule(bucket);
  if (broken !== undefined) return `--bucket: the name of a bucket ${broken}, got '${bucket}'`;
  if (!new RegExp(PARAMETERS.AssetPrefix.pattern).test(prefix) || prefix.length > PARAMETERS.AssetPrefix.longest) {
    return `--prefix ${PARAMETERS.AssetPrefix.constraint}, got '${prefix}'`;
  }
  if (out === '') return "--out must be a folder, got ''";
  return { region, prefix, out, ...(bucket === undefined ? {} : { bucket }) };
}
