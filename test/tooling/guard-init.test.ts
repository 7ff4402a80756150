import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { packedApp, type PackedApp } from '../helpers/packed-app';

const OPTIONS = [
  '--region',
  'us-east-1',
  '--owner',
  'team@example.com',
  '--limit',
  '50',
  '--model',
  'amazon.nova-lite-v1:0',
];
/** What makes the reason a program of its own, were it not data. */
const REASON = `it's "fine"; \${process.exit(7)} \\ ';process.exit(7);'\nprocess.exit(7)`;
/** Says what the config is without asking anybody. */
const ASKED = ['status', '--env', 'other'];

const apps: PackedApp[] = [];
afterAll(() => apps.forEach((one) => one.remove()));

/** What the program prints to be added, in an app around it. */
function programOf(stdout: string, isImport: boolean): string {
  const said = stdout
    .split('\n')
    .filter((line) => /^ +(import |const |new )/.test(line))
    .map((line) => line.trim());
  const [first = '', ...more] = said;
  const app = isImport ? "import { App } from 'aws-cdk-lib';" : "const { App } = require('aws-cdk-lib');";
  return [app, first, 'const app = new App();', ...more, 'app.synth();', ''].join('\n');
}

describe.each<['commonjs' | 'module', string, string]>([
  ['commonjs', 'TypeScript', 'ts'],
  ['module', 'TypeScript', 'ts'],
  ['commonjs', 'JavaScript', 'js'],
  ['module', 'JavaScript', 'js'],
])('in a %s app in %s', (type, language, ending) => {
  let app: PackedApp;
  beforeAll(() => {
    app = packedApp({ type });
    apps.push(app);
    if (language === 'TypeScript') app.write({ 'tsconfig.json': '{}' });
  });

  test('a config is written that loads, and the printed lines make a guard of it', () => {
    const { status, stdout, stderr } = app.spendGuard(['init', ...OPTIONS, '--accept-overshoot', REASON]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const file = `spend-guard.config.${ending}`;
    expect(readdirSync(app.folder).filter((name) => name.startsWith('spend-guard'))).toEqual([file]);
    expect(stdout).toContain(`wrote ${file}`);
    expect(stdout).not.toContain('npm install');

    const found = app.spendGuard(ASKED);
    expect(found.stderr).toContain("no environment 'other'; allowed: dev");

    const program = programOf(stdout, type === 'module' || language === 'TypeScript');
    app.write({ [`app.${ending}`]: program });
    if (language === 'TypeScript')
      expect(app.compile([`app.${ending}`, file], '--module', 'node20', '--ignoreConfig')).toBe('');
    const { status: synthesized, stderr: said, assembly } = app.synth('app.js');
    expect(said).not.toMatch(/rror/);
    expect(synthesized).toBe(0);
    expect(readdirSync(assembly)).toContain('SpendGuard-dev.template.json');

    expect(app.spendGuard(['init', ...OPTIONS])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(file) as unknown,
    });
    expect(readFileSync(path.join(app.folder, file), 'utf8')).toContain('acceptOvershoot');
  });
});
