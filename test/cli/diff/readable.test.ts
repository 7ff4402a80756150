import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diff } from '../../../cli/commands/diff';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { CliWorld } from '../world';

/** What a reviewer reads of a changed asset, a long value, a limit; and of an output that cannot be read. */

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'spend-guard-readable-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const HASH = { a: 'a'.repeat(64), b: 'b'.repeat(64) } as const;
interface Output {
  readonly resources?: Record<string, unknown>;
  readonly asset?: { readonly id: string; readonly files: Record<string, string>; readonly more?: object };
  readonly mappings?: object;
}

function output(name: string, { resources = {}, asset, mappings }: Output): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  const write = (file: string, content: unknown) => writeFileSync(path.join(folder, file), JSON.stringify(content));
  write('manifest.json', {
    artifacts: {
      S: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'S.template.json' },
        dependencies: ['S.assets'],
      },
      'S.assets': { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } },
    },
  });
  write('S.template.json', { Resources: resources, ...(mappings && { Mappings: mappings }) });
  const { id = '', files = {}, more = {} } = asset ?? {};
  const destinations = { [`here-${id.slice(0, 4)}`]: { bucketName: 'assets', objectKey: `${id}.zip` } };
  write('S.assets.json', {
    files: asset ? { [id]: { source: { path: `asset.${id}`, packaging: 'zip' }, destinations, ...more } } : {},
  });
  if (asset) mkdirSync(path.join(folder, `asset.${id}`));
  for (const [file, content] of Object.entries(files)) writeFileSync(path.join(folder, `asset.${id}`, file), content);
  return folder;
}

const text = (base: string, head: string) =>
  diff(base, head)
    .lines.map((line) => (typeof line === 'string' ? line : line.text))
    .join('\n');
const compared = (base: Output, head: Output) => text(output('base', base), output('head', head));

describe('assets, in words', () => {
  const layer = (id: string) => ({ Tool: { Type: 'Custom::Thing', Properties: { Where: { S3Key: `${id}.zip` } } } });
  const of = (id: string, files: Record<string, string>, more = {}): Output => ({
    resources: layer(id),
    asset: { id, files, more },
  });

  test('other content: whose it is, how much, which file; no JSON', () => {
    const found = compared(
      of(HASH.a, { 'index.js': '1', 'same.js': 'x' }, { displayName: 'App/Code' }),
      of(HASH.b, { 'index.js': '22', 'same.js': 'x' }, { displayName: 'App/Code' }),
    );
    expect(found).toMatch(
      /\| asset App\/Code, of Tool \(Custom::Thing\) \| 2 files, 2 bytes, hash \w{12} \| 2 files, 3 bytes, hash \w{12}; other: index\.js \|/,
    );
    expect(found).not.toContain('assumeRole');
    expect(found).not.toMatch(/\|.*"destinations"/);
  });

  test('of an older CDK, which names no asset: the resource alone', () => {
    expect(compared(of(HASH.a, { f: '1' }), of(HASH.b, { f: '2' }))).toMatch(
      /\| asset, of Tool \(Custom::Thing\) \| 1 file, 1 bytes, hash \w{12} \| 1 file, 1 bytes, hash \w{12}; other: f \|/,
    );
  });

  test('the same content that goes elsewhere: what of it differs', () => {
    const at = (bucketName: string) => ({ destinations: { here: { bucketName, objectKey: `${HASH.a}.zip` } } });
    expect(compared(of(HASH.a, { f: '1' }, at('ours')), of(HASH.a, { f: '1' }, at('theirs')))).toContain(
      '| asset, of Tool (Custom::Thing): destinations[0].bucketName | ours | theirs |',
    );
  });

  test('an image is told as a folder is', () => {
    const base = output('base', {});
    const head = output('head', {});
    for (const [folder, content] of [
      [base, '1'],
      [head, '2'],
    ] as const) {
      mkdirSync(path.join(folder, 'asset.image'));
      writeFileSync(path.join(folder, 'asset.image', 'Dockerfile'), content);
      const dockerImages = { image: { displayName: 'App/Image', source: { directory: 'asset.image' } } };
      writeFileSync(path.join(folder, 'S.assets.json'), JSON.stringify({ dockerImages }));
    }
    expect(text(base, head)).toMatch(/\| asset App\/Image \| 1 file, .* \| 1 file, .*; other: Dockerfile \|/);
  });

  test('one that comes, and one that goes', () => {
    expect(compared({}, of(HASH.a, { f: '1' }))).toMatch(/\| asset, of Tool .* \| none \| 1 file, 1 bytes, hash/);
    rmSync(root, { recursive: true });
    mkdirSync(root);
    expect(compared(of(HASH.a, { f: '1' }), {})).toMatch(
      /\| asset, of Tool .* \| 1 file, 1 bytes, hash \w+ \| none \|/,
    );
  });
});

describe('long values', () => {
  const thing = (Body: unknown, Type = 'AWS::CloudWatch::Dashboard') => ({
    resources: { Thing: { Type, Properties: { DashboardName: 'x', DashboardBody: Body } } },
  });
  const long = 'same '.repeat(80);

  test('a text: where it differs, with what is around it', () => {
    const found = compared(thing(`${long}OLD ${long}`), thing(`${long}NEW ${long}`));
    expect(found).toMatch(/DashboardBody: `…[same ]+OLD same [^`]*…` → `…[same ]+NEW same [^`]*…`/);
  });

  test('JSON in a text: the paths in it', () => {
    const body = (limit: number) => JSON.stringify({ title: long, widgets: [{ x: 1 }, { limit }] });
    expect(compared(thing(body(50)), thing(body(80)))).toContain('- DashboardBody.widgets[1].limit: `50` → `80`');
  });

  test('JSON that a function makes, with references in it', () => {
    const body = (limit: number) => ({
      'Fn::Join': ['', ['{"a":"', { Ref: 'AWS::Region' }, `${long}","limit":${limit}}`]],
    });
    expect(compared(thing(body(50)), thing(body(80)))).toContain('- DashboardBody.limit: `50` → `80`');
  });

  test('spelling alone is not shown as the same text twice', () => {
    expect(compared(thing('{"a":1}'), thing('{"a": 1}'))).toContain('DashboardBody: `{"a":1}` → `{"a": 1}`');
    rmSync(root, { recursive: true });
    mkdirSync(root);
    expect(compared(thing('a\nb'), thing('a b'))).toContain(
      '`a b` → `a b`, which differ in white space or quotes alone',
    );
  });

  test('JSON in a text of a type that nobody knows: its paths, as access that is not judged', () => {
    const body = (limit: number) => JSON.stringify({ title: long, limit });
    const found = compared(thing(body(50), 'Custom::Thing'), thing(body(80), 'Custom::Thing'));
    expect(found).toContain('+ DashboardBody.limit: 80\n');
    expect(found).toContain('- DashboardBody.limit: 50\n');
  });

  test('of a mapping the entry', () => {
    const mappings = (value: string) => ({ mappings: { Map: { eu: { long, value } } } });
    expect(compared(mappings('x'), mappings('y'))).toContain('| Mappings.Map.eu.value | x | y |');
  });

  test('of what is judged as access too', () => {
    const url = (AuthType: string) => ({
      resources: { Gate: { Type: 'AWS::EC2::PrefixList', Properties: { Entries: [{ Cidr: `${long}${AuthType}` }] } } },
    });
    const found = compared(url('OLD'), url('NEW'));
    expect(found).toMatch(/\+ .*…[same ]+NEW/);
    expect(found).toMatch(/- .*…[same ]+OLD/);
  });
});

describe('an output that cannot be read: one line, the place and the fix, exit 2', () => {
  const FIX = 'give the folder that `npx cdk synth --output FOLDER` wrote';
  const cases: readonly (readonly [string, (folder: string) => void, string])[] = [
    ['no such folder', (folder) => rmSync(folder, { recursive: true }), ' is not there'],
    [
      'a file',
      (folder) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, '{}');
      },
      ' is a file, and no folder',
    ],
    [
      'another folder',
      (folder) => rmSync(path.join(folder, 'manifest.json')),
      ': no cloud assembly, as it holds no manifest.json',
    ],
    ['an empty manifest', write('manifest.json', ''), ': manifest.json is empty'],
    [
      'half a manifest',
      write('manifest.json', '{"artifacts": {"S": '),
      ': manifest.json is not whole: it ends in the middle',
    ],
    ['a manifest that is none', write('manifest.json', 'hello'), ': manifest.json is not JSON'],
    [
      'a manifest of something else',
      write('manifest.json', '[]'),
      ': manifest.json is not what the CDK writes, see the document',
    ],
    [
      'a manifest without artifacts',
      write('manifest.json', '{}'),
      ': manifest.json is not what the CDK writes, see artifacts',
    ],
    ['a folder for a manifest', dir('manifest.json'), ': manifest.json is a folder, and no file'],
    ['no template', (folder) => rmSync(path.join(folder, 'S.template.json')), ': S.template.json is not there'],
    [
      'half a template',
      write('S.template.json', '{"Resources": {"A": {"Type"'),
      ': S.template.json is not whole: it ends in the middle',
    ],
    ['a template of YAML', write('S.template.json', 'Resources:\n  A: 1\n'), ': S.template.json is not JSON'],
    [
      'a template that is a list',
      write('S.template.json', '[]'),
      ': S.template.json is not what the CDK writes, see the document',
    ],
    [
      'resources that are text',
      write('S.template.json', '{"Resources": "x"}'),
      ': S.template.json is not what the CDK writes, see Resources',
    ],
    ['a folder for a template', dir('S.template.json'), ': S.template.json is a folder, and no file'],
    [
      'half a list of assets',
      write('S.assets.json', '{"files": '),
      ': S.assets.json is not whole: it ends in the middle',
    ],
    [
      'a link that leads nowhere',
      (folder) => {
        rmSync(path.join(folder, 'S.template.json'));
        symlinkSync('S.template.json', path.join(folder, 'S.template.json'));
      },
      ': S.template.json is a link that leads back to itself',
    ],
    [
      'a stage that is itself',
      write(
        'manifest.json',
        JSON.stringify({ artifacts: { A: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } } }),
      ),
      ': manifest.json names itself as a stage',
    ],
  ];

  function write(file: string, content: string) {
    return (folder: string) => writeFileSync(path.join(folder, file), content);
  }
  function dir(file: string) {
    return (folder: string) => {
      rmSync(path.join(folder, file));
      mkdirSync(path.join(folder, file));
    };
  }

  test.each(cases)('%s', async (_what, spoil, words) => {
    const [good, bad] = [output('good', {}), output('bad', {})];
    spoil(bad);
    for (const [args, place] of [
      [[bad, good], 'BASE'],
      [[good, bad], 'HEAD'],
    ] as const) {
      const { exitCode, stdout, stderr } = await new CliWorld().run('diff', ...args);
      expect(stderr.trim()).toBe(`${place} ${bad}${words}; ${FIX}`);
      expect({ exitCode, stdout }).toEqual({ exitCode: EXIT_CODES.usage, stdout: '' });
    }
  });
});
