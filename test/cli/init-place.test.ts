import fs from 'node:fs';
import path from 'node:path';
import { EXIT_CODES } from '../../cli/exit-codes';
import { loadGuard } from '../../config';
import { EmptyApp, exportedBy } from '../helpers/empty-app';
import { CONFIG, init, options, RIGHT, typed } from './init-runs';
import { BREAKS_OFF, CliWorld } from './world';

// As in the package that apps install.
jest.mock('../../config/home', () => jest.requireActual<object>('../../config/home.packaged'));

let app: EmptyApp;
const environment = { ...process.env };
beforeEach(() => {
  app = new EmptyApp();
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) delete process.env[name];
});
afterEach(() => {
  app.remove();
  process.env = { ...environment };
});

const written = (file = CONFIG) => exportedBy(app.read(file)).environments;

describe('where it is written', () => {
  const file = async () => {
    expect((await init(...options())).exitCode).toBe(EXIT_CODES.ok);
    return app.written();
  };
  const appOf = (files: Readonly<Record<string, string>>) => {
    app.remove();
    app = new EmptyApp(files);
  };

  test.each<[string, Readonly<Record<string, string>>, string, RegExp]>([
    ['TypeScript', { 'package.json': '{}', 'tsconfig.json': '' }, CONFIG, /^import /],
    ['TypeScript in ES modules', { 'package.json': '{"type":"module"}', 'tsconfig.json': '' }, CONFIG, /^import /],
    ['JavaScript', { 'package.json': '{}' }, 'spend-guard.config.js', /^const .* = require\(/],
    ['CommonJS, said', { 'package.json': '{"type":"commonjs"}' }, 'spend-guard.config.js', /^const /],
    ['JavaScript in ES modules', { 'package.json': '{"type":"module"}' }, 'spend-guard.config.js', /^import /],
  ])('an app in %s', async (_, files, name, begins) => {
    appOf(files);
    expect(await file()).toEqual([name]);
    expect(app.read(name)).toMatch(begins);
    expect(() => loadGuard(exportedBy(app.read(name)), 0)).not.toThrow();
  });

  test('from a folder within, at the root of the app', async () => {
    app.write({ 'bin/app.ts': '' });
    app.enter('bin');
    const { stdout } = await init(...options());
    expect(stdout.split('\n')[0]).toBe(`wrote ${path.join('..', CONFIG)}`);
    expect(app.written()).toEqual(['bin', CONFIG]);
  });

  test('beside the one that is there, of the kind that the app is', async () => {
    appOf({ 'package.json': '{"type":"module"}', 'infra/spend-guard.config.js': 'old' });
    app.enter('infra');
    expect((await init(...options(), '--force')).exitCode).toBe(EXIT_CODES.ok);
    expect(app.read('infra/spend-guard.config.js')).toMatch(/^import /);
    expect(app.read('infra/spend-guard.config.js.before')).toBe('old');
    expect(app.written()).toEqual(['infra']);
  });

  test('where there is no app: says what to do', async () => {
    appOf({ 'notes.txt': '' });
    const { exitCode, stderr } = await init(...options());
    expect(stderr).toMatch(
      /^no package\.json in .* nor above: go to the folder of your CDK app; npx cdk init app makes one/,
    );
    expect(exitCode).toBe(EXIT_CODES.failed);
    expect(app.written()).toEqual(['notes.txt']);
  });

  test('a package.json that cannot be read', async () => {
    appOf({ 'package.json': '{\n' });
    const { exitCode, stderr } = await init(...options());
    expect(stderr).toMatch(
      /package\.json: it tells which kind of module the app has, and cannot be read \(.*\); correct it/,
    );
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(app.written()).toEqual([]);
  });

  test.each([CONFIG, 'spend-guard.config.mjs', 'spend-guard.config.cts'])(
    '%s is there: nothing is asked, looked at or written',
    async (name) => {
      app.write({ [name]: 'mine' });
      const { exitCode, stderr, asked, regions } = await typed(RIGHT, '--look');
      expect(stderr).toBe(
        `${name}: already in ${app.folder}, and nothing was written; edit it, or --force writes another and keeps a copy beside it\n`,
      );
      expect({ exitCode, asked, regions }).toEqual({ exitCode: EXIT_CODES.usage, asked: [], regions: [] });
      expect(app.written()).toEqual([name]);
      expect(app.read(name)).toBe('mine');
    },
  );

  test('--force keeps a copy, each time another one', async () => {
    app.write({ [CONFIG]: 'first' });
    const { stdout } = await init(...options(), '--force');
    expect(stdout).toContain(`what was there is ${CONFIG}.before now`);
    app.write({ [CONFIG]: 'second' });
    await init(...options(), '--force');
    expect(app.written()).toEqual([CONFIG, `${CONFIG}.before`, `${CONFIG}.before-2`]);
    expect(app.read(`${CONFIG}.before`)).toBe('first');
    expect(app.read(`${CONFIG}.before-2`)).toBe('second');
    expect(written()).toHaveProperty('dev');
  });

  test('--force leaves one config, whatever the endings', async () => {
    app.write({ 'spend-guard.config.mjs': 'old', 'spend-guard.config.js': 'compiled' });
    await init(...options(), '--force');
    expect(app.written()).toEqual(['spend-guard.config.js.before', 'spend-guard.config.mjs.before', CONFIG]);
  });

  test('--force with a wrong answer changes nothing', async () => {
    app.write({ [CONFIG]: 'mine' });
    expect((await init(...options({ '--limit': '0' }), '--force')).exitCode).toBe(EXIT_CODES.usage);
    expect((await typed([...RIGHT.slice(0, 3), BREAKS_OFF], '--force')).exitCode).toBe(EXIT_CODES.declined);
    expect(app.written()).toEqual([CONFIG]);
    expect(app.read(CONFIG)).toBe('mine');
  });

  test('what somebody else writes meanwhile stays', async () => {
    const world = new CliWorld();
    world.answers = [...RIGHT];
    world.whileAsked = () => app.write({ [CONFIG]: 'theirs' });
    const { exitCode, stderr } = await world.run('init');
    expect(stderr).toMatch(/it is there now, and nothing was written; edit it/);
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(app.read(CONFIG)).toBe('theirs');
  });

  test('a link that leads nowhere is not followed', async () => {
    const elsewhere = path.join(app.folder, 'elsewhere.txt');
    fs.symlinkSync(elsewhere, path.join(app.folder, CONFIG));
    const { exitCode, stderr } = await init(...options());
    expect(stderr).toMatch(/it is there now, and nothing was written/);
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(fs.existsSync(elsewhere)).toBe(false);
  });

  test('a folder that takes no file', async () => {
    // Tests may run as root, whom no mode of a folder keeps from writing.
    const opened = jest.spyOn(fs, 'openSync').mockImplementation(() => {
      throw Object.assign(new Error('read-only file system'), { code: 'EROFS' });
    });
    const { exitCode, stderr } = await init(...options());
    opened.mockRestore();
    expect(stderr).toBe(`${path.join(app.folder, CONFIG)}: cannot be written (EROFS); make ${app.folder} writable\n`);
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(app.written()).toEqual([]);
  });

  test('a disk without room: nothing in part, and what was there stays', async () => {
    const full = () =>
      jest.spyOn(fs, 'writeFileSync').mockImplementation(() => {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      });
    let wrote = full();
    expect((await init(...options())).stderr).toContain('cannot be written (ENOSPC)');
    wrote.mockRestore();
    expect(app.written()).toEqual([]);
    app.write({ [CONFIG]: 'mine' });
    wrote = full();
    expect((await init(...options(), '--force')).stderr).toContain('cannot be written (ENOSPC)');
    wrote.mockRestore();
    expect(app.written()).toEqual([CONFIG]);
    expect(app.read(CONFIG)).toBe('mine');
  });
});
