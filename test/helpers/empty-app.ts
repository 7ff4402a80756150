import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import type { GuardInput } from '../../config/schema';

/** The folder of somebody's app, which the process is in as long as it is there. */
export class EmptyApp {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'empty-app-'));
  private readonly cwd: jest.SpyInstance<string>;

  constructor(files: Readonly<Record<string, string>> = { 'package.json': '{}', 'tsconfig.json': '{}' }) {
    this.write(files);
    this.cwd = jest.spyOn(process, 'cwd').mockReturnValue(this.folder);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(this.folder, file)), { recursive: true });
      writeFileSync(path.join(this.folder, file), text);
    }
  }

  enter(folder: string): void {
    this.cwd.mockReturnValue(path.join(this.folder, folder));
  }

  read(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** What is there beside package.json and tsconfig.json. */
  written(): readonly string[] {
    return readdirSync(this.folder)
      .filter((name) => !['package.json', 'tsconfig.json'].includes(name))
      .sort();
  }

  remove(): void {
    this.cwd.mockRestore();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What a written config exports: it is run without a compiler, as nothing in it is TypeScript alone. */
export function exportedBy(text: string): GuardInput {
  const { defineGuard, withDefaults } = require('../../config/public') as typeof import('../../config/public');
  const body = text
    .replace(/^import .*$/m, '')
    .replace(/^const .*require.*$/m, '')
    .replace(/^(export default|module\.exports =)/m, 'return');
  const run = compileFunction(body, ['defineGuard', 'withDefaults']) as (...given: readonly unknown[]) => GuardInput;
  return run(defineGuard, withDefaults);
}
