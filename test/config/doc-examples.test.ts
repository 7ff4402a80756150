import { runInNewContext } from 'node:vm';
import { environmentShape } from '../../config/schema';
import { PUBLIC_DOCS, read } from '../docs/public-texts';
import { changed, problemsOf } from './changed-guard';

/** Blocks of settings of an environment: they begin with the name of one. An ellipsis stands for an id of the reader's own. */
const examples = PUBLIC_DOCS.flatMap((file) =>
  [...read(file).matchAll(/^```ts\n(['"]?(\w+)['"]?: [\s\S]*?)^```$/gm)].flatMap(([, text = '', key = '']) =>
    /^[a-z]/.test(key) ? [[file, key, text.replaceAll('…', 'example')] as const] : [],
  ),
);

/** What an example needs beside it. */
const BESIDE: Readonly<Record<string, object>> = {
  budgets: { principals: { roles: ['nightly-job'], users: [], groups: [] } },
};

test('there are some', () => {
  const files = new Set(examples.map(([file]) => file));
  expect([...files]).toEqual(
    expect.arrayContaining(['docs/channels.md', 'docs/deploy.md', 'docs/shared-budgets.md', 'docs/who-spent.md']),
  );
});

test.each(examples)('%s: the example of %s is taken as it stands', (_file, key, text) => {
  const values = JSON.parse(JSON.stringify(runInNewContext(`({${text}})`))) as Record<string, unknown>;
  expect(Object.keys(environmentShape)).toContain(key);
  expect(problemsOf(changed('dev', { ...BESIDE[key], ...values }))).toEqual([]);
});

test('the example of channels has each kind', () => {
  const [, , text = ''] = examples.find(([file]) => file === 'docs/channels.md') ?? [];
  const kinds = [...text.matchAll(/kind: '(\w+)'/g)].map(([, kind]) => kind);
  expect(kinds.toSorted()).toEqual(
    ['pagerDuty', 'slack', 'slackBot', 'slackWebhook', 'teams', 'teamsWebhook', 'webhook'].toSorted(),
  );
});
