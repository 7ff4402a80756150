import { BudgetsClient, CreateBudgetCommand, DeleteBudgetCommand } from '@aws-sdk/client-budgets';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cdkFor } from '../../../local/cdk';
import { ACCOUNT, startEmulator, type Emulator } from '../../../local/emulator';
import { ROOT } from '../../../local/python';
import { stackNames } from './support';

let aws: Emulator | undefined;
afterEach(() => aws?.stop());

describe('a stale emulator', () => {
  // The files that run beside this one remove what they find, too.
  const parent = mkdtempSync(path.join(tmpdir(), 'restart-'));
  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  /** An emulator without the watch on its parent, whose parent is killed. */
  async function interrupted(): Promise<{ pid: number; folder: string; port: number }> {
    const script = `
      const { startEmulator } = require('./local/emulator');
      startEmulator({ extension: 'none', parent: process.argv[1] }).then(({ pid, port, work }) => {
        console.log(JSON.stringify({ pid, port, folder: work.path }));
        setInterval(() => undefined, 1000);
      });`;
    const child = spawn(process.execPath, ['-r', 'tsx/cjs', '-e', script, parent], { cwd: ROOT });
    const line = await new Promise<string>(
      (resolve) => void child.stdout.once('data', (data) => resolve(String(data))),
    );
    const ended = new Promise((resolve) => void child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    return JSON.parse(line) as { pid: number; folder: string; port: number };
  }

  test('of an interrupted run is ended and its folder removed, and its port can be had again', async () => {
    const stale = await interrupted();
    expect((await fetch(`http://127.0.0.1:${stale.port}/_ministack/health`)).ok).toBe(true);
    const said: string[] = [];
    aws = await startEmulator({ port: stale.port, parent, progress: (line) => said.push(line) });
    expect(said).toEqual([`removed what an interrupted run left: ${stale.folder}, and its emulator ${stale.pid}`]);
    expect(existsSync(stale.folder)).toBe(false);
    expect(aws.port).toBe(stale.port);
  });

  test('and one that still belongs to somebody is left alone', async () => {
    const other = await startEmulator();
    aws = await startEmulator();
    await expect(other.control.mails()).resolves.toEqual([]);
    await other.stop();
  });
});

test('a port in use: one line, and no folder stays', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(startEmulator({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE' });
  server.close();
});

test('an emulator that can not start: its own last word, and no folder stays', async () => {
  await expect(startEmulator({ python: '/bin/false' })).rejects.toMatchObject({ code: 'EMULATOR_FAILED' });
  await expect(startEmulator({ python: '/no/such/python' })).rejects.toThrow(/did not start: .*ENOENT/);
});

test('stopping twice does no harm, and the folder is gone', async () => {
  aws = await startEmulator();
  await Promise.all([aws.stop(), aws.stop()]);
  expect(existsSync(aws.work.path)).toBe(false);
});

/** The name in the template's one budget. */
function budgetIn(template: string): string {
  const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { Budget?: { BudgetName: string } } }>;
  };
  const [budget] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Budgets::Budget');
  return budget?.Properties.Budget?.BudgetName ?? '';
}

describe('a half-deployed stack', () => {
  let account: Emulator;
  beforeAll(async () => {
    account = await startEmulator({ scheduleSeconds: 3600 });
    await cdkFor(account).bootstrap();
  });
  afterAll(() => account?.stop());

  test('whose deploy was interrupted is deployed by the next one', async () => {
    const ending = new AbortController();
    const interrupted = cdkFor(account, {
      signal: ending.signal,
      onLine: (line) => {
        if (/CREATE_IN_PROGRESS/.test(line)) ending.abort();
      },
    });
    await expect(interrupted.deploy('dev')).rejects.toMatchObject({ code: 'INTERRUPTED' });

    const cdk = cdkFor(account);
    await cdk.deploy('dev');
    expect(cdk.outputs('dev')).toHaveProperty('InvokerRoleArn');
    await cdk.destroy('dev');
    expect(await stackNames(account)).not.toContain('SpendGuard-dev');
  });

  test('whose deploy failed says why in one line, and is made anew by the next one', async () => {
    const cdk = cdkFor(account);
    // Somebody else's budget has the name that the stack's wants.
    const BudgetName = budgetIn(path.join(await cdk.synth('dev'), 'SpendGuard-dev.template.json'));
    const budgets = account.client(BudgetsClient);
    const BudgetLimit = { Amount: '1', Unit: 'USD' };
    const Budget = { BudgetName, BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit } as const;
    await budgets.send(new CreateBudgetCommand({ AccountId: ACCOUNT, Budget }));
    const failure: unknown = await cdk.deploy('dev').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'CDK_FAILED',
      message: expect.stringMatching(/^cdk deploy failed: .*CREATE_FAILED.*$/),
    });
    await budgets.send(new DeleteBudgetCommand({ AccountId: ACCOUNT, BudgetName }));
    await cdk.deploy('dev');
    expect(cdk.outputs('dev')).toHaveProperty('InvokerRoleArn');
  });

  test('an app that refuses its config says so in one line', async () => {
    const missing = cdkFor(account, { config: 'no/such/file.ts' });
    await expect(missing.synth('dev')).rejects.toThrow(/^cdk synth failed: .*no\/such\/file\.ts.*$/);
  });
});
