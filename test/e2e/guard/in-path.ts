import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbCallers } from '../../../client/adapters';
import { childEnvironment } from '../../../local/emulator';
import { ROOT } from '../../../local/python';
import { callerDirectory } from '../../../server/callers';
import { credentialsOf } from '../support/callers';
import { spendGuard } from '../support/cli';
import type { LocalGuard } from '../support/local-guard';
import { CONFIG } from '../support/tiers';

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

  test('a server under that role knows whose key it is, until it is revoked', async () => {
    const { invokerArn, outputs } = guard.of('staging');
    const documents = DynamoDBDocumentClient.from(
      guard.aws.client(DynamoDBClient, await credentialsOf(guard.aws, invokerArn)),
    );
    const tableName = outputs['LeasesTableName'] ?? '';
    const find = (key: string) =>
      callerDirectory({ callers: dynamoDbCallers({ tableName, documents }), now: Date.now }).find(key);
    const callers = (...args: readonly string[]) =>
      spendGuard(guard.aws, CONFIG, 'callers', ...args, '--env', 'staging', '--json');
    const made = await callers('add', '--person', 'alex@example.com', '--expires', '1d');
    const { id, key } = JSON.parse(made.output) as { readonly id: string; readonly key: string };
    expect(await find(key)).toEqual({ id, budget: '', person: 'alex@example.com' });
    expect((await callers('revoke', id)).exitCode).toBe(0);
    expect(await find(key)).toBeUndefined();
    expect(JSON.parse((await callers('list')).output)).toMatchObject({ callers: [{ id, state: 'revoked' }] });
  });
}
