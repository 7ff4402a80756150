import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import shipped from '../../config/budget-tiers';
import type { GuardInput } from '../../config/schema';
import { folderOnceARun } from '../helpers/once-a-run';
import type { TemplateProperties } from '../helpers/template-properties';

type Template = { Resources: Record<string, { Type: string; Properties: TemplateProperties }> };

const folders: string[] = [];

/** Synthesizes the shipped configuration, changed, as the app does: once in a run, so that nobody may change the folder. */
export function assemblyOf(
  change: (environments: Readonly<Record<string, object>>) => Record<string, unknown> = (environments) => environments,
): string {
  const environments = change(structuredClone(shipped.environments)) as GuardInput['environments'];
  // Loading all that a stack is made of takes longer than making one.
  return folderOnceARun('assembly', environments, (folder) =>
    (require('./synthesized') as typeof import('./synthesized')).synthesizeInto(folder, environments),
  );
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
