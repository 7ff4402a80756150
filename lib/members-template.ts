import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import type { SelfCostCounts } from '../core/estimates';
import { OneClickStack } from './one-click-stack';
import type { CodeAsset } from './own-bucket-synthesizer';
import { countBillable } from './self-cost';

/** The one-click template as a StackSet takes it, and the code that it asks for below `AssetPrefix`. */
export interface MembersTemplate {
  readonly file: string;
  /** Tells two templates apart: an object of a name that is there is not uploaded again. */
  readonly hash: string;
  readonly assets: readonly CodeAsset[];
  /** Of the guard in one account, what is billed. */
  readonly billable: SelfCostCounts;
}

export interface MembersTemplateOptions {
  readonly region: string;
  /** Where it is written. */
  readonly folder: string;
  /** Of the app that deploys it: its feature flags are the members' too. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch: a model that has ended by then is refused. */
  readonly now: number;
}

/** @throws ConfigError where the Region lacks what the guard is made of, or every model */
export function membersTemplate({ region, folder, context, now }: MembersTemplateOptions): MembersTemplate {
  mkdirSync(folder, { recursive: true });
  const app = new App({
    outdir: folder,
    context,
    treeMetadata: false,
    analyticsReporting: false,
  });
  const stack = new OneClickStack(app, 'SpendGuard', { region, prefix: '', now });
  app.synth();
  // Without blanks: CloudFormation takes a megabyte (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, read 2026-11-29).
  const text = JSON.stringify(JSON.parse(readFileSync(path.join(folder, stack.templateFile), 'utf8')));
  const file = path.join(folder, 'members.json');
  writeFileSync(file, text);
  return {
    file,
    hash: createHash('sha256').update(text).digest('hex'),
    billable: countBillable(stack),
    assets: stack.assets.map(({ key, folder: code }) => ({ key, folder: path.resolve(folder, code) })),
  };
}
