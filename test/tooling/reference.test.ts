import { readFileSync } from 'node:fs';
import path from 'node:path';
import { environmentShape } from '../../config/schema';
import { program } from '../../cli/program';
import { comments } from '../../scripts/reference/comments';
import { references } from '../../scripts/reference';

const FOLDER = path.resolve(__dirname, '../../docs/reference');

test.each(Object.entries(references()))('docs/reference/%s is what the code makes: npm run reference', (file, text) => {
  expect(readFileSync(path.join(FOLDER, file), 'utf8')).toBe(text);
});

test('every setting and every command is in it', () => {
  const { 'config.md': config, 'cli.md': cli } = references();
  const settings = Object.keys(environmentShape).filter((name) => !new RegExp(`\\| \`${name}[.\`\\[]`).test(config!));
  const commands = program(async () => undefined).commands.map((command) => command.name());
  expect([settings, commands.filter((name) => !cli!.includes(`\`spend-guard ${name}`))]).toEqual([[], []]);
});

test('of a channel each kind and its settings are listed', () => {
  const { 'config.md': config = '' } = references();
  const rows = config.split('\n').filter((line) => line.startsWith('| `channels.'));
  const cells = rows.map((row) =>
    row
      .split(' | ')
      .map((cell) => cell.replace(/^\| /, '').trim())
      .slice(0, 3)
      .join(' | '),
  );
  expect(cells.map((row) => row.replace(/: (?:a|an|where) .*/, ''))).toEqual([
    "`channels.<name>.kind` | yes | `'slack'`, `'slackBot'`, `'slackWebhook'`, `'teams'`, `'teamsWebhook'`, `'pagerDuty'`, `'webhook'`",
    "`channels.<name>.workspaceId` | yes | of kind `'slack'`",
    "`channels.<name>.channelId` | yes | of kind `'slack'`, `'slackBot'`",
    "`channels.<name>.channelId` | yes | of kind `'teams'`",
    "`channels.<name>.tells` |  | `'everything'`, `'urgent'`",
    "`channels.<name>.secret` | yes | of kind `'slackBot'`, `'slackWebhook'`, `'teamsWebhook'`, `'pagerDuty'`, `'webhook'`",
    "`channels.<name>.tenantId` | yes | of kind `'teams'`",
    "`channels.<name>.teamId` | yes | of kind `'teams'`",
    "`channels.<name>.url` | yes | of kind `'webhook'`",
  ]);
});

test('comments before a key and behind it, with their place', () => {
  const source = [
    'const everywhere = {',
    '  // Before',
    '  a: 1,',
    '  b: { // not behind a value',
    '    /** Inner. */',
    '    c: 2,',
    '  },',
    '  d: 3, // behind',
    "  e: 'http://x', // after what looks like one",
    '};',
  ].join('\n');
  expect(comments(source)).toEqual([
    { within: 'everywhere', path: 'a', text: 'Before' },
    { within: 'everywhere', path: 'b', text: 'not behind a value' },
    { within: 'everywhere', path: 'b.c', text: 'Inner.' },
    { within: 'everywhere', path: 'd', text: 'behind' },
    { within: 'everywhere', path: 'e', text: 'after what looks like one' },
  ]);
});
