import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { runStep, scriptOf, scriptsIn } from '../helpers/workflow-step';

const workflow = readFileSync(path.resolve(__dirname, '../../.github/workflows/release.yml'), 'utf8');
const TAGGED = { TAG: 'v1.0.0', REPOSITORY: 'o/r' };

describe('the workflow', () => {
  interface Job {
    readonly needs?: string;
    readonly environment?: string;
    readonly permissions?: Readonly<Record<string, string>>;
    readonly steps: readonly { readonly uses?: string; readonly with?: object }[];
  }
  const { jobs } = load(workflow) as { jobs: Record<'build' | 'publish' | 'release', Job> };

  test('starts at a tag of a version, and holds no token', () => {
    expect(workflow).toContain("on:\n  push:\n    tags: ['v[0-9]+.[0-9]+.[0-9]+']\n");
    expect(workflow).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|_authToken|NPM_TOKEN/);
  });

  test('builds with no right but to read, after everything was tested, and without a cache', () => {
    expect(jobs.build.permissions).toBeUndefined();
    expect(workflow.indexOf('release -- check')).toBeLessThan(workflow.indexOf('bash .ci/run'));
    expect(workflow.indexOf('bash .ci/run')).toBeLessThan(workflow.indexOf('- name: pack\n'));
    expect(workflow).not.toMatch(/^ +cache:/m);
  });

  test('publishes in an environment of its own, and runs nothing of the repository there', () => {
    expect(jobs.publish).toMatchObject({
      needs: 'build',
      environment: 'npm',
      permissions: { contents: 'read', 'id-token': 'write', attestations: 'write' },
    });
    const { publish, release } = jobs;
    const used = [...publish.steps, ...release.steps].flatMap(({ uses = '' }) => uses.split('@')[0] || []);
    expect(used).toEqual([
      'actions/download-artifact',
      'actions/setup-node',
      'actions/attest',
      'actions/download-artifact',
    ]);
    expect(release).toMatchObject({ needs: 'publish', permissions: { contents: 'write' } });
    const [, beside = ''] = workflow.split('\n  publish:\n');
    expect(beside).not.toMatch(/npm (ci|install|run|exec)|npx|actions\/checkout/);
  });

  test('puts nothing that somebody else writes into a script', () => {
    expect(scriptsIn(workflow).length).toBeGreaterThan(5);
    expect(scriptsIn(workflow).filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('a tag on a commit that is not on main is refused before anything of it runs', () => {
    const script = scriptOf(workflow, 'one version everywhere, and a commit of main');
    const { status, stdout, asked } = runStep(script, { TAG: 'v1.0.0' }, '', (folder) => {
      for (const [name, code] of [
        ['git', 1],
        ['npm', 0],
      ] as const)
        writeFileSync(path.join(folder, name), `#!/bin/bash\necho "${name} $*" >> asked\nexit ${code}\n`, {
          mode: 0o755,
        });
    });
    expect(status).toBe(1);
    expect(stdout).toBe('::error::v1.0.0 names a commit that is not on main: merge it first, and move the tag\n');
    expect(asked).toEqual(['git merge-base --is-ancestor HEAD origin/main']);
  });

  test('what is packed is told by its sums, which the next job checks', () => {
    const npm = `case "$*" in
  *"release -- pack o/r") mkdir -p build/release; echo a > 'build/release/a-1.0.0.tgz' ;;
  *"release -- notes v1.0.0") echo notes ;;
  *release:template*) mkdir -p "\${@: -1}"; echo b > "\${@: -1}/template.json" ;;
esac`;
    const check = `mv build/release build/notes.md .\n(${scriptOf(workflow, 'what was built is what came')})`;
    const packed = (between: string) =>
      runStep(`${scriptOf(workflow, 'pack')}\n${between}\n${check}\nls release > output`, TAGGED, '', (folder) => {
        const tools = { npm, zip: 'cp template.json "$2"' };
        for (const [name, script] of Object.entries(tools))
          writeFileSync(path.join(folder, name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
        for (const file of ['LICENSE', 'NOTICE']) writeFileSync(path.join(folder, file), file);
      });
    const { status, output } = packed('');
    expect(status).toBe(0);
    const [first, ...others] = output.trim().split('\n');
    expect([first, ...others.filter((name) => !name.startsWith('spend-guard-template-'))]).toEqual([
      'LICENSE',
      'NOTICE',
      'SHA256SUMS',
      'a-1.0.0.tgz',
    ]);
    expect(packed('echo x >> build/release/a-1.0.0.tgz').status).toBe(1);
  });

  test.each([
    ['made', 1, 'release create v1.0.0 --verify-tag --title v1.0.0 --notes-file notes.md release/a.tgz'],
    ['completed, where a run failed half way', 0, 'release upload v1.0.0 --clobber release/a.tgz'],
  ])('the release on GitHub is %s', (_, code, asked) => {
    const run = runStep(scriptOf(workflow, 'release'), TAGGED, '', (folder) => {
      mkdirSync(path.join(folder, 'release'));
      writeFileSync(path.join(folder, 'release/a.tgz'), '');
      const gh = `#!/bin/bash\necho "$*" >> asked\n[ "$2" != view ] || exit ${code}\n`;
      writeFileSync(path.join(folder, 'gh'), gh, { mode: 0o755 });
    });
    expect(run).toMatchObject({ status: 0, asked: ['release view v1.0.0', asked] });
  });

  describe('publishing', () => {
    const script = scriptOf(workflow, 'publish');
    /** With a registry that answers so when it is asked for `a@1.0.0`. */
    const publishing = (view: (integrity: string) => string) =>
      runStep(script, {}, '', (folder) => {
        mkdirSync(path.join(folder, 'release'));
        mkdirSync(path.join(folder, 'package'));
        writeFileSync(path.join(folder, 'package/package.json'), JSON.stringify({ name: 'a', version: '1.0.0' }));
        execFileSync('tar', ['-czf', 'release/a-1.0.0.tgz', 'package'], { cwd: folder });
        const bytes = readFileSync(path.join(folder, 'release/a-1.0.0.tgz'));
        const answer = view(`sha512-${createHash('sha512').update(bytes).digest('base64')}`);
        const npm = `#!/bin/bash\necho "npm $*" >> asked\n[ "$1" != view ] || { ${answer}; }\n`;
        writeFileSync(path.join(folder, 'npm'), npm, { mode: 0o755 });
      });
    const VIEW = 'npm view a@1.0.0 dist.integrity';

    test('what is not there yet is published, with provenance, from its file', () => {
      const { status, asked } = publishing(() => 'echo "npm error code E404" >&2; exit 1');
      expect({ status, asked }).toEqual({
        status: 0,
        asked: [VIEW, 'npm publish --provenance --access public ./release/a-1.0.0.tgz'],
      });
    });

    test('so is a new version of what is there', () => {
      expect(publishing(() => 'true').asked).toHaveLength(2);
    });

    test('what is there already is passed over in a second run', () => {
      const { status, asked } = publishing((integrity) => `echo '${integrity}'`);
      expect({ status, asked }).toEqual({ status: 0, asked: [VIEW] });
    });

    test.each([
      ['something else is there by that version', 'echo sha512-other'],
      ['the registry does not answer', 'echo "npm error code E500" >&2; exit 1'],
    ])('%s: nothing is published', (_, answer) => {
      expect(publishing(() => answer)).toMatchObject({ status: 1, asked: [VIEW] });
    });
  });
});
