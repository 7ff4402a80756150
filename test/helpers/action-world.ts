import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { shipped, type Lock } from '../../scripts/lock';
import { runAction, type ActionRun } from './composite-action';

export const ROOT = path.resolve(__dirname, '../..');

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

/** A synthesized output of one stack, as small as can be. */
export function synthesized(folder: string, resources: Resources): void {
  mkdirSync(folder, { recursive: true });
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    properties: { templateFile: 'S.template.json' },
  };
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ version: '36.0.0', artifacts: { S: stack } }));
  writeFileSync(path.join(folder, 'S.template.json'), JSON.stringify({ Resources: resources }));
}

export const QUEUE: Resources = { Queue: { Type: 'AWS::SQS::Queue' } };
const EVERYBODY = { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:*', Resource: '*' }] };
export const OPEN_QUEUE: Resources = {
  ...QUEUE,
  Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['q'], PolicyDocument: EVERYBODY } },
};

/** A pull request of the repository's own branch. */
export const PULL_REQUEST = { pull_request: { number: 7, head: { repo: { full_name: 'o/r' } } } };

/** A repository's checkout, and a runner with an `npm` and a `gh` that only note what they are asked. */
export interface ActionWorld {
  readonly workspace: string;
  /** What npm and gh were asked, a line each. */
  asked(): readonly string[];
  /** What the comment says. */
  body(): string;
  /** What gh answers: the ids that it lists, and what it says when it refuses to write. */
  readonly gh: { listed: string; refusal: string };
  /** Puts a program in the place of another. */
  tool(name: string, script: string): void;
  run(inputs: Readonly<Record<string, string>>, event?: object): ActionRun;
  remove(): void;
}

/** @param action what is run. @default - the action of this checkout */
export function actionWorld(action = ROOT): ActionWorld {
  const folder = mkdtempSync(path.join(tmpdir(), 'action-world-'));
  const at = (name: string) => path.join(folder, name);
  mkdirSync(at('bin'));
  mkdirSync(at('workspace'));
  const tool = (name: string, script: string) =>
    writeFileSync(at(`bin/${name}`), `#!/bin/bash\n${script}`, { mode: 0o755 });
  const note = `echo "$(basename "$0") $*" >> '${at('asked')}'`;
  tool('npm', `${note}; echo "in $PWD" >> '${at('asked')}'\n`);
  tool(
    'gh',
    `${note}
case "$*" in
  *--paginate*) printf '%s' "$LISTED" ;;
  *) [ -z "$REFUSAL" ] || { echo "$REFUSAL" >&2; exit 1; }; cp body.md '${at('body')}' ;;
esac
`,
  );
  writeFileSync(at('asked'), '');
  writeFileSync(at('body'), '');
  const gh = { listed: '', refusal: '' };
  return {
    workspace: at('workspace'),
    asked: () => readFileSync(at('asked'), 'utf8').split('\n').slice(0, -1),
    body: () => readFileSync(at('body'), 'utf8'),
    gh,
    tool,
    run: (inputs, event = PULL_REQUEST) =>
      runAction(action, inputs, {
        workspace: at('workspace'),
        github: { token: 'the-token', repository: 'o/r', event },
        env: { PATH: `${at('bin')}:${process.env['PATH']}`, LISTED: gh.listed, REFUSAL: gh.refusal },
      }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** What the action loads of this project, with those packages beside it that `npm ci --omit=dev` installs. */
export function installedAction(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'installed-action-'));
  const sources = readdirSync(ROOT).filter(
    (name) => !/^(\.|node_modules|build|cdk\.out|test|docs|bench|local)/.test(name),
  );
  for (const name of sources) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  const lock = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  for (const [place] of shipped(lock)) {
    // Those within others come with them.
    if (place.split('node_modules/').length > 2) continue;
    mkdirSync(path.dirname(path.join(folder, place)), { recursive: true });
    symlinkSync(path.join(ROOT, place), path.join(folder, place));
  }
  return folder;
}
