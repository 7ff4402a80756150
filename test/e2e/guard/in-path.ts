import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from '../../../local/emulator';
import { ROOT } from '../../../local/python';
import { credentialsOf } from '../support/callers';
import type { LocalGuard } from '../support/local-guard';

/** The plugin on the caller's side under the environment's own role: test/e2e/client/ says what it does there. */
export function inPath(guard: LocalGuard): void {
  test('a caller with the plugin shares the budget in the leases table under the role of the environment alone', async () => {
    const { invokerArn, profiles } = guard.of('staging');
    const { accessKeyId, secretAccessKey, sessionToken = '' } = await credentialsOf(guard.aws, invokerArn);
    const env = {
      ...childEnvironment(guard.aws),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    };
    const files = ['spend-guard-client.staging.json', 'outputs.json'].map((name) => path.join(guard.cdk.folder, name));
    const args = ['-r', 'tsx/cjs', 'test/e2e/support/in-path-caller.ts', ...files, profiles.lite];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
    expect(JSON.parse(stdout)).toEqual({ exact: 'answered', lease: 'answered', noRoom: 'BUDGET_EXHAUSTED' });
  });
}
