import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { OneClickStack } from '../../lib';
import { zipOf } from './zip';

const ROOT = path.resolve(__dirname, '../..');
export const TEMPLATE_FILE = 'spend-guard.template.json';
const ZIP = /^[0-9a-f]{64}\.zip$/;

export interface TemplateOptions {
  readonly region: string;
  /** Made where it is not there; an earlier release in it is replaced, nothing else is touched. */
  readonly outFolder: string;
  /** What AssetBucket is where nobody says. @default - it must be given with the stack */
  readonly bucket?: string;
  /** What AssetPrefix is where nobody says: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Milliseconds since the epoch. @default - now */
  readonly now?: number;
}

export interface BuiltAsset {
  /** Of the object, below the prefix. */
  readonly key: string;
  readonly file: string;
  readonly bytes: number;
}

export interface BuiltTemplate {
  readonly templateFile: string;
  readonly bytes: number;
  readonly assets: readonly BuiltAsset[];
  readonly stack: OneClickStack;
}

/** Writes the template and what it asks for: the same bytes for the same sources, whenever and wherever. @throws ConfigError */
export function buildTemplate({ region, outFolder, bucket, prefix, now = Date.now() }: TemplateOptions): BuiltTemplate {
  const outdir = mkdtempSync(path.join(tmpdir(), 'spend-guard-template-'));
  try {
    const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
    const app = new App({
      outdir,
      context: { ...context, 'aws:cdk:disable-asset-staging': true },
      treeMetadata: false,
      analyticsReporting: false,
    });
    const stack = new OneClickStack(app, 'SpendGuard', {
      region,
      prefix,
      now,
      ...(bucket === undefined ? {} : { bucket }),
    });
    app.synth();
    const text = JSON.stringify(JSON.parse(readFileSync(path.join(outdir, stack.templateFile), 'utf8')));
    mkdirSync(outFolder, { recursive: true });
    for (const name of readdirSync(outFolder).filter((one) => ZIP.test(one))) rmSync(path.join(outFolder, name));
    const templateFile = path.join(outFolder, TEMPLATE_FILE);
    writeFileSync(templateFile, text);
    const assets = stack.assets.map(({ key, folder }) => {
      const zip = zipOf(folder);
      const file = path.join(outFolder, key);
      writeFileSync(file, zip);
      return { key, file, bytes: zip.byteLength };
    });
    return { templateFile, bytes: Buffer.byteLength(text), assets, stack };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
