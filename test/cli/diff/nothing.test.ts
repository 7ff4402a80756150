import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { diff } from '../../../cli/commands/diff';
import { HOME, nested, one, ROLE, stage, written, type Side } from './corpus/pairs';

/** "Nothing" is said only where manifest, templates, parameters, outputs and assets are equal. */

const compared = (before: Side, after: Side) => {
  const { lines, exitCode } = diff(written(before), written(after));
  return { exitCode, text: lines.map((line) => (typeof line === 'string' ? line : line.text)).join('\n') };
};
const template = (more: object): Side => ({ template: { Resources: { R: ROLE }, ...more } });
/** One asset of the stack, and what it holds. */
const asset = (content: string): Side => ({
  properties: {},
  artifacts: { 'S.assets': { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } } },
  files: {
    'S.assets.json': { version: '48.0.0', files: { a: { source: { path: 'asset.a', packaging: 'zip' } } } },
    'asset.a/index.html': content,
  },
});

const differing: readonly (readonly [string, Side, Side, RegExp])[] = [
  [
    'an output',
    template({ Outputs: { O: { Value: 'a' } } }),
    template({ Outputs: { O: { Value: 'b' } } }),
    /\| O \| a \| b \|/,
  ],
  [
    'an export',
    template({ Outputs: { O: { Value: 'a', Export: { Name: 'x' } } } }),
    template({ Outputs: { O: { Value: 'a' } } }),
    /\| O \(exported as\) \| x \| none \|/,
  ],
  [
    'a parameter that nothing uses',
    template({ Parameters: { P: { Type: 'String', Default: 'a' } } }),
    template({ Parameters: { P: { Type: 'String', Default: 'b' } } }),
    /\| P \| a \| b \|/,
  ],
  [
    'what a parameter may be',
    template({ Parameters: { P: { Type: 'String', Default: 'a', AllowedValues: ['a'] } } }),
    template({ Parameters: { P: { Type: 'String', Default: 'a' } } }),
    /\| P \(as declared\) \|/,
  ],
  [
    "the manifest's value of a parameter",
    { ...template({ Parameters: { P: { Type: 'String' } } }), properties: { parameters: { P: 'a' } } },
    { ...template({ Parameters: { P: { Type: 'String' } } }), properties: { parameters: { P: 'b' } } },
    /\| P \| a \| b \|/,
  ],
  [
    'a mapping that nothing uses',
    template({ Mappings: { M: { a: { b: 'c' } } } }),
    template({ Mappings: { M: { a: { b: 'd' } } } }),
    /\| Mappings\.M\.a\.b \|/,
  ],
  ['a rule', template({ Rules: { A: { Assertions: [] } } }), template({}), /\| Rules \|/],
  [
    'a description',
    template({ Description: 'a' }),
    template({ Description: 'b' }),
    /\| Description \| a \| b \||\| Description \| "a" \| "b" \|/,
  ],
  [
    'metadata of a resource',
    template({ Resources: { R: { ...ROLE, Metadata: { a: 1 } } } }),
    template({ Resources: { R: ROLE } }),
    /`R` \(AWS::IAM::Role\)/,
  ],
  [
    'what a resource waits for',
    template({ Resources: { R: ROLE, S: { ...ROLE, DependsOn: 'R' } } }),
    template({ Resources: { R: ROLE, S: ROLE } }),
    /`S` \(AWS::IAM::Role\)/,
  ],
  [
    'tags of the stack',
    { properties: { tags: { a: 'b' } } },
    { properties: { tags: { a: 'c' } } },
    /\| tags \| .*b.* \| .*c.* \|/,
  ],
  ['the Region', {}, { environment: HOME.replace('us-east-1', 'eu-west-1') }, /\| Region \| us-east-1 \| eu-west-1 \|/],
  [
    'the place of the same template',
    { properties: { stackTemplateAssetObjectUrl: 's3://a' } },
    { properties: { stackTemplateAssetObjectUrl: 's3://b' } },
    /place of the template/,
  ],
  ['a nested template', nested({ R: ROLE }), nested({ R: ROLE }, {}, { Description: 'b' }), /`S\/N`/],
  ['a resource of a nested template', nested({ R: ROLE }), nested({ R: ROLE, S: ROLE }), /`S` \(AWS::IAM::Role\)/],
  [
    'a stack of a stage',
    stage({ Resources: { R: ROLE } }),
    stage({ Resources: { R: ROLE }, Outputs: { O: { Value: 'a' } } }),
    /### `Prod-S`/,
  ],
];

test.each(differing)('not nothing: %s', (_, before, after, shown) => {
  for (const { text } of [compared(before, after), compared(after, before)]) {
    expect(text).not.toContain('Nothing');
    expect(text).toContain('Access gets');
  }
  expect(compared(before, after).text).toMatch(shown);
  expect(compared(before, before).text).toContain('Nothing: both outputs deploy the same.');
});

test('an asset of other content, under the same name', () => {
  const folderOf = (content: string) => {
    const folder = written(asset(content));
    const manifest = JSON.parse(JSON.stringify({ version: '48.0.0', artifacts: { ...asset(content).artifacts } })) as {
      artifacts: Record<string, unknown>;
    };
    manifest.artifacts['S'] = {
      type: 'aws:cloudformation:stack',
      environment: HOME,
      dependencies: ['S.assets'],
      properties: { templateFile: 'S.template.json' },
    };
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    return folder;
  };
  const textOf = (from: string, to: string) =>
    diff(from, to)
      .lines.map((line) => (typeof line === 'string' ? line : line.text))
      .join('\n');
  expect(textOf(folderOf('a'), folderOf('b'))).toContain('| asset a |');
  expect(textOf(folderOf('a'), folderOf('a'))).toContain('Nothing');
});

test("a secret's value is not told, that it is another is, and counts as not judged", () => {
  const secret = (Default: string) => template({ Parameters: { P: { Type: 'String', NoEcho: true, Default } } });
  const { text, exitCode } = compared(secret('hunter2'), secret('hunter3'));
  expect(text).toContain('| P | a hidden value | another hidden value |');
  expect(text).not.toContain('hunter');
  expect(exitCode).toBe(10);
});

test('on a project that is not the guard, no line is about the guard', () => {
  const queue = (seconds: number) => one('AWS::SQS::Queue', { VisibilityTimeout: seconds });
  expect(compared(queue(1), queue(2)).text).not.toMatch(/guard|limits and thresholds|settings|Estimates/i);
});
