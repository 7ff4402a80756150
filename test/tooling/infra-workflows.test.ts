import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import shipped from '../../config/budget-tiers';
import { runStep as runAnyStep, scriptOf, scriptsIn } from '../helpers/workflow-step';

const FOLDER = path.resolve(__dirname, '../../.github/workflows');
const infraDiff = readFileSync(path.join(FOLDER, 'infra-diff.yml'), 'utf8');
const deploy = readFileSync(path.join(FOLDER, 'deploy.yml'), 'utf8');

const runStep = (
  script: string,
  env: Readonly<Record<string, string>>,
  ...rest: readonly [string?, ((folder: string) => void)?]
) =>
  runAnyStep(
    script,
    {
      REPOSITORY: 'o/r',
      NUMBER: '7',
      LABEL: 'broader-access',
      COMMENT_NAME: 'infra-diff',
      COMMENT_AUTHOR: 'github-actions[bot]',
      ...env,
    },
    ...rest,
  );

describe('the judge', () => {
  const inPlace = scriptOf(infraDiff, 'put the judge in place');

  /** The commit that it is, where those of a repository have the named files. */
  const judgeOf = (...commits: readonly (readonly string[])[]) =>
    runStep(`${inPlace}\ngit -C judge log -1 --format=%s > "$GITHUB_OUTPUT"`, {}, '', (folder) => {
      const head = path.join(folder, 'head');
      const git = (...args: readonly string[]) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-C', head, ...args]);
      mkdirSync(head);
      git('init', '--quiet');
      commits.forEach((files, at) => {
        for (const file of files) writeFileSync(path.join(head, file), String(at));
        git('add', '--all');
        git('commit', '--quiet', '--allow-empty', '--message', ['before', 'after'][at]!);
      });
    }).output.trim();

  test('is the one before the change; where there was none, the new one', () => {
    expect(judgeOf(['action.yml'], ['action.yml'])).toBe('before');
    expect(judgeOf(['action.yml'], ['other.ts'])).toBe('before');
    expect(judgeOf(['other.ts'], ['action.yml'])).toBe('after');
  });

  test('compares, and what it finds is handed to the job that may write', () => {
    const { jobs } = load(infraDiff) as {
      jobs: {
        compare: { outputs: Readonly<Record<string, string>>; steps: readonly Readonly<Record<string, unknown>>[] };
      };
    };
    const { outputs, steps } = jobs.compare;
    expect(steps.at(-1)).toEqual({
      name: 'compare',
      id: 'diff',
      uses: './judge',
      with: { base: 'base.out', head: 'head.out' },
    });
    expect(outputs).toEqual({
      markdown: '${{ steps.diff.outputs.markdown }}',
      'exit-code': '${{ steps.diff.outputs.exit-code }}',
    });
    expect(scriptOf(infraDiff, 'synthesize both')).toContain('cdk synth --quiet --output "../$side.out"');
  });
});

describe('one comment', () => {
  const comment = scriptOf(infraDiff, 'comment');

  test('the first time it is made', () => {
    const { status, asked } = runStep(comment, { MARKDOWN: '## x' });
    expect(status).toBe(0);
    expect(asked[1]).toBe('api --silent --method POST repos/o/r/issues/7/comments --field body=@body.md');
  });

  test('and from then on changed, however many there are', () => {
    const { asked } = runStep(comment, { MARKDOWN: '## x' }, '11\n12\n');
    expect(asked[1]).toBe('api --silent --method PATCH repos/o/r/issues/comments/11 --field body=@body.md');
    expect(asked).toHaveLength(2);
  });

  test('only its own: of the workflow, and with its mark', () => {
    const [asked] = runStep(comment, { MARKDOWN: '' }).asked;
    expect(asked).toContain('.user.login == "github-actions[bot]"');
    expect(asked).toContain('startswith("<!-- spend-guard infra-diff -->")');
  });
});

describe('broader access needs the label', () => {
  const gate = scriptOf(infraDiff, 'broader access needs the label');
  test.each([
    ['no broader', '0', 'false', 'false', 0],
    ['a replacement alone', '11', 'false', 'false', 0],
    ['broader, not agreed to', '10', 'false', 'false', 1],
    ['broader and replaced, not agreed to', '12', 'false', 'false', 1],
    ['a weaker guard, not agreed to', '13', 'false', 'false', 1],
    ['broader, replaced and weaker, not agreed to', '16', 'false', 'false', 1],
    ['a weaker guard, agreed to', '15', 'false', 'true', 0],
    ['broader, agreed to', '10', 'false', 'true', 0],
    ['broader, agreed to before a push', '10', 'true', 'true', 1],
    ['no result is no consent', '', 'false', 'true', 1],
    ['a failed comparison is no consent', '1', 'false', 'true', 1],
  ])('%s', (_, CODE, PUSHED, LABELLED, status) => {
    expect(runStep(gate, { CODE, PUSHED, LABELLED }).status).toBe(status);
  });

  test('a push takes the label away', () => {
    const { asked } = runStep(gate, { CODE: '10', PUSHED: 'true', LABELLED: 'true' });
    expect(asked).toEqual(['api --silent --method DELETE repos/o/r/issues/7/labels/broader-access']);
  });
});

describe('who may do what', () => {
  const jobs = infraDiff.slice(infraDiff.indexOf('\njobs:'));
  const [compare = '', review = ''] = jobs.split('\n  review:');

  test('the job that runs the code of a pull request has no right to write, and no credentials', () => {
    expect(infraDiff).toMatch(/^ {2}pull_request:$/m);
    expect(infraDiff).not.toContain('pull_request_target');
    expect(compare).not.toMatch(/permissions:|GH_TOKEN|secrets\.|configure-aws-credentials/);
  });

  test('the job that may write runs nothing of it', () => {
    expect(review).not.toMatch(/uses:|npm|npx|node /);
  });

  test.each([
    ['infra-diff', infraDiff],
    ['deploy', deploy],
  ])('%s: nothing that somebody else writes is put into a script', (_, workflow) => {
    const scripts = scriptsIn(workflow);
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

describe('a deploy', () => {
  test('offers the environments of the configuration', () => {
    const [, options = ''] = /options: \[(.*)\]/.exec(deploy) ?? [];
    expect(options.split(', ')).toEqual(Object.keys(shipped.environments));
  });

  test('holds no keys: GitHub vouches for it, and the environment asks for approval', () => {
    expect(deploy).toMatch(/id-token: write/);
    expect(deploy).toMatch(/^ {4}environment: \$\{\{ inputs\.environment \}\}$/m);
    expect(deploy).not.toMatch(/aws-access-key-id|aws-secret-access-key/);
    expect(deploy.match(/secrets\.\w+/g)).toEqual(['secrets.AWS_DEPLOY_ROLE_ARN']);
  });

  test('never two of one environment at once, and none is cut off', () => {
    expect(deploy).toMatch(
      /^concurrency:\n {2}group: deploy-\$\{\{ inputs\.environment \}\}\n {2}cancel-in-progress: false$/m,
    );
  });

  test('gives back provisioned concurrency before, and stops where that fails', () => {
    const at = (text: string) => {
      expect(deploy).toContain(text);
      return deploy.indexOf(text);
    };
    expect(at('concurrency restore --for-deploy')).toBeLessThan(at('cdk deploy'));
    const [, before = ''] = deploy.split('- name: give back provisioned concurrency');
    expect(before.slice(0, before.indexOf('cdk deploy'))).not.toMatch(/continue-on-error|\|\| true/);
  });

  test('synthesizes before there are credentials, and deploys exactly that', () => {
    expect(deploy.indexOf('cdk synth')).toBeLessThan(deploy.indexOf('configure-aws-credentials@'));
    expect(deploy).toContain('cdk deploy --app cdk.out');
  });
});
