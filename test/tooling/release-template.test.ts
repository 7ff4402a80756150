import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { brokenRule } from '../../scripts/release-template/bucket-name';
import { buildTemplate, type BuiltTemplate } from '../../scripts/release-template/build';
import { parseOptions, type ReleaseOptions } from '../../scripts/release-template/options';
import { quickCreateLink, releaseLines } from '../../scripts/release-template/say';
import { zipOf } from '../../scripts/release-template/zip';
import { NOW, PREFIX } from '../helpers/one-click';

let folder: string;
/** Read by several tests. */
let one: BuiltTemplate;
const build = (name: string, region = 'eu-central-1') =>
  buildTemplate({ region, outFolder: path.join(folder, name), prefix: PREFIX, now: NOW });
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'release-template-'));
  one = build('one');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (place: string) =>
  Object.fromEntries(readdirSync(place).map((name) => [name, readFileSync(path.join(place, name)).toString('base64')]));

describe('what is built', () => {
  test('is the same to the byte a second time, in another place', () => {
    build('two/below');
    expect(filesOf(path.join(folder, 'one'))).toEqual(filesOf(path.join(folder, 'two/below')));
  });

  test("replaces an earlier release's files, and touches nothing else that is there", () => {
    const place = path.join(folder, 'again');
    mkdirSync(place);
    const old = `${'0'.repeat(64)}.zip`;
    for (const name of [old, 'notes.txt', 'other.zip']) writeFileSync(path.join(place, name), 'x');
    const { assets } = build('again');
    expect(existsSync(path.join(place, old))).toBe(false);
    expect(readdirSync(place).sort()).toEqual(
      [...assets.map(({ key }) => key), 'notes.txt', 'other.zip', 'spend-guard.template.json'].sort(),
    );
  });

  test('each zip holds the code, and the settings of the Region beside it', () => {
    const { assets } = one;
    for (const { file, bytes } of assets) {
      const zip = readFileSync(file);
      expect(zip.byteLength).toBe(bytes);
      expect(Object.keys(unzipSync(zip))).toContain('index.js');
    }
    expect(assets.filter(({ file }) => 'settings.json' in unzipSync(readFileSync(file))).length).toBe(4);
  });

  test.each([
    ['eu-north-1', /config\/one-click\.ts.*\n.*eu-north-1 does not offer AWS::Budgets::Budget/],
    ['sa-east-1', /leaves no model/],
    ['nowhere-1', /nowhere-1/],
  ])('for %s it is refused, by what the Region lacks', (region, words) => {
    expect(() => build('refused', region)).toThrow(words);
    expect(existsSync(path.join(folder, 'refused'))).toBe(false);
  });
});

describe('a zip', () => {
  test('depends on names and contents alone: not on order, times, modes or the zone', () => {
    const [first, other] = ['zip-one', 'zip-other'].map((name) => path.join(folder, name)) as [string, string];
    for (const [place, names] of [
      [first, ['index.js', 'a/b.txt']],
      [other, ['a/b.txt', 'index.js']],
    ] as const) {
      mkdirSync(path.join(place, 'a'), { recursive: true });
      for (const name of names) writeFileSync(path.join(place, name), name, { mode: place === first ? 0o600 : 0o755 });
    }
    expect(Buffer.from(zipOf(first)).equals(Buffer.from(zipOf(other)))).toBe(true);
    expect(Object.keys(unzipSync(zipOf(first)))).toEqual(['a/b.txt', 'index.js']);
    const inZone = (TZ: string) =>
      execFileSync(
        process.execPath,
        [
          '-r',
          'tsx/cjs',
          '-e',
          `process.stdout.write(Buffer.from(require('./scripts/release-template/zip').zipOf(${JSON.stringify(first)})).toString('hex'))`,
        ],
        {
          cwd: path.resolve(__dirname, '../..'),
          env: { ...process.env, TZ },
          encoding: 'utf8',
        },
      );
    const here = Buffer.from(zipOf(first)).toString('hex');
    expect([inZone('Pacific/Kiritimati'), inZone('America/Los_Angeles')]).toEqual([here, here]);
  });

  test('another content, or another name, is another zip', () => {
    const place = path.join(folder, 'zip-changes');
    mkdirSync(place);
    writeFileSync(path.join(place, 'index.js'), 'a');
    const before = Buffer.from(zipOf(place));
    writeFileSync(path.join(place, 'index.js'), 'b');
    expect(before.equals(Buffer.from(zipOf(place)))).toBe(false);
  });
});

describe('a bucket', () => {
  test.each(['abc', 'my-bucket', 'my.bucket', '1bucket1', 'x'.repeat(63)])('may be called %s', (name) => {
    expect(brokenRule(name)).toBeUndefined();
  });

  test.each([
    ['ab', 'has 3 to 63 characters'],
    ['x'.repeat(64), 'has 3 to 63 characters'],
    ['My-Bucket', 'consists of small letters'],
    ['my_bucket', 'consists of small letters'],
    ['s3://my-bucket', 'consists of small letters'],
    ['-bucket', 'begins and ends with'],
    ['bucket.', 'begins and ends with'],
    ['my..bucket', 'no two dots'],
    ['192.168.5.4', 'no IP address'],
    ['xn--bucket', 'does not begin with'],
    ['sthree-bucket', 'does not begin with'],
    ['amzn-s3-demo-bucket', 'does not begin with'],
    ['bucket-s3alias', 'does not end in'],
    ['bucket--ol-s3', 'does not end in'],
    ['bucket--x-s3', 'does not end in'],
  ])('may not be called %s', (name, rule) => {
    expect(brokenRule(name)).toContain(rule);
  });
});

describe('what is asked for', () => {
  const parse = (...args: string[]) => parseOptions(args, '1.2.3');

  test('has defaults for all but the Region', () => {
    expect(parse('--region', 'eu-central-1')).toEqual({
      ...{ region: 'eu-central-1', prefix: 'spend-guard/1.2.3/', out: 'build/template' },
    });
  });

  test.each([
    [[], '--region must be given'],
    [['--region', ''], '--region must be given'],
    [
      ['--region', 'eu-central-1', '--bucket', 'My-Bucket'],
      "consists of small letters, digits, dots and hyphens, got 'My-Bucket'",
    ],
    [
      ['--region', 'eu-central-1', '--prefix', '/a'],
      "--prefix must be empty, or folders such as spend-guard/0.1.0/ with a slash at the end and none in front, got '/a'",
    ],
    [['--region', 'eu-central-1', '--prefix', 'a'], "got 'a'"],
    [['--region', 'eu-central-1', '--out', ''], '--out must be a folder'],
    [['--region', 'eu-central-1', '--bukket', 'a'], '--bukket'],
  ])('%j is refused by name', (args, words) => {
    expect(parse(...args)).toContain(words);
  });
});

describe('what a person is told', () => {
  const options: ReleaseOptions = { region: 'eu-central-1', bucket: 'my-bucket', prefix: 'spend-guard/1/', out: 'out' };

  test('to upload, to deploy by the same bucket, and the link of the console', () => {
    const text = releaseLines(options, one).join('\n');
    expect(text).toContain('aws s3 sync out s3://my-bucket/spend-guard/1 --region eu-central-1');
    expect(text).toMatch(
      /aws cloudformation deploy --region eu-central-1 --stack-name SpendGuard-account --template-file \S+ --s3-bucket my-bucket --s3-prefix spend-guard\/1 --capabilities CAPABILITY_NAMED_IAM --parameter-overrides MonthlyLimitUsd=50 Email=you@example\.com Mode=enforce AccountWide=yes\n/,
    );
    expect(text).toContain('the bucket must be in eu-central-1, or Lambda refuses the code');
    expect(text).toMatch(/with AccountWide=yes.*\nthe guard itself, a month/);
    expect(text).toMatch(/with AccountWide=no the total is \$\d/);
  });

  test('in a form that a shell takes, wherever the folder is', () => {
    const text = releaseLines({ ...options, out: "it's here" }, one).join('\n');
    expect(text).toContain("aws s3 sync 'it'\\''s here' s3://");
  });

  test('without a bucket: that it is theirs to name, and that the stack must be given it', () => {
    const { bucket: _, ...without } = options;
    const text = releaseLines({ ...without, prefix: '' }, one).join('\n');
    expect(text).toContain('aws s3 sync out s3://BUCKET --region');
    expect(text).toMatch(/--s3-bucket BUCKET --capabilities .* AssetBucket=BUCKET\n/);
  });

  test('the link is what CloudFormation documents, with the template and the code of the same place', () => {
    const link = new URL(quickCreateLink(options, 'SpendGuard-account'));
    expect(link.host).toBe('eu-central-1.console.aws.amazon.com');
    const [place, query] = link.hash.split('?') as [string, string];
    expect(place).toBe('#/stacks/create/review');
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
      templateURL: 'https://s3.eu-central-1.amazonaws.com/my-bucket/spend-guard/1/spend-guard.template.json',
      stackName: 'SpendGuard-account',
      param_AssetBucket: 'my-bucket',
      param_AssetPrefix: 'spend-guard/1/',
    });
  });
});
