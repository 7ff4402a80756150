import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import type { GuardInput } from '../../config/schema';
import { ESTIMATES_METADATA, estimates } from '../../core/estimates/assembly-metadata';
import { countBillable } from '../../lib/self-cost';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import cdkJson from '../../cdk.json';
import type { TemplateProperties } from '../helpers/template-properties';

type Environments = GuardInput['environments'];
type Template = { Resources: Record<string, { Type: string; Properties: TemplateProperties }> };

const folders: string[] = [];

/** Synthesizes the shipped configuration, changed, as the app does; the folder lives until `removeAssemblies`. */
export function assemblyOf(
  change: (environments: Readonly<Record<string, object>>) => Record<string, unknown> = (environments) => environments,
  context: Readonly<Record<string, unknown>> = cdkJson.context,
): { readonly folder: string; readonly stacks: readonly SpendGuardStack[] } {
  const folder = mkdtempSync(path.join(tmpdir(), 'spend-guard-diff-'));
  folders.push(folder);
  const environments = change(structuredClone(shipped.environments)) as Environments;
  const app = new App({ outdir: folder, context, analyticsReporting: false });
  const stacks = loadGuard({ environments }, 0).environments.map((environment) => {
    const stack = new SpendGuardStack(app, { environment });
    stack.node.addMetadata(ESTIMATES_METADATA, estimates(countBillable(stack), environment.meter.overshoot));
    return stack;
  });
  app.synth();
  return { folder, stacks };
}

/** A copy of an assembly with the template of one stack edited by hand: what no configuration can say. */
export function edited(folder: string, stack: string, edit: (template: Template) => void): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'spend-guard-diff-'));
  folders.push(copy);
  // The functions' code is the same, and stays where it is.
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const [from, to] = [path.join(folder, entry.name), path.join(copy, entry.name)];
    if (entry.isFile()) copyFileSync(from, to);
    else symlinkSync(from, to);
  }
  const file = path.join(copy, `${stack}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  edit(template);
  writeFileSync(file, JSON.stringify(template));
  return copy;
}

/** The one resource of a type whose logical id matches. */
export function resource(template: Template, type: string, id = /./) {
  const found = Object.entries(template.Resources).filter(([name, one]) => one.Type === type && id.test(name));
  if (found.length !== 1) throw new Error(`${found.length} resources of ${type} match ${String(id)}`);
  return found[0]![1];
}

export function removeAssemblies(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}
