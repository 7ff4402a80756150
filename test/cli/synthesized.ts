import { App } from 'aws-cdk-lib';
import { loadGuard } from '../../config/load';
import type { GuardInput } from '../../config/schema';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { stackProps } from '../helpers/guard-stack';
import cdkJson from '../../cdk.json';

/** Synthesizes into a folder as the app does. */
export function synthesizeInto(folder: string, environments: GuardInput['environments']): void {
  const app = new App({ outdir: folder, context: cdkJson.context, analyticsReporting: false });
  for (const environment of loadGuard({ environments }, 0).environments) {
    new SpendGuardStack(app, stackProps(environment));
  }
  app.synth();
}
