import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { NEWEST, OLDEST } from '../clients/pinned';
import {
  callingOnce,
  clientApplication,
  clientOf,
  guardOf,
  manifestOf,
  NAME,
  ROOT,
  type ClientApplication,
} from '../helpers/client-application';
import { LARGE, PROFILE } from '../helpers/guarded-client';

let app: ClientApplication;
beforeAll(async () => {
  app = await clientApplication();
});
afterAll(() => app.remove());

let server: BedrockServer;
beforeEach(async () => {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }, 'from the model'));
});
afterEach(() => server.stop());
const ANSWERED = `spent ${10 * 1_000 + 20 * 4_000}\nfrom the model\n`;

describe('the package of the SDK plugin', () => {
  test('declares every package that it loads, and no other; what it contains has no use of its own', () => {
    const declared = Object.keys({ ...app.manifest.dependencies, ...app.manifest.peerDependencies });
    expect(app.built.loads).toEqual(declared.sort());
    expect(app.built.contains).toEqual([]);
  });

  test('its ranges begin with the oldest versions that the tests with other software install, and hold those of this project', () => {
    const { dependencies, version } = manifestOf(ROOT);
    const ranges = { ...app.manifest.dependencies, ...app.manifest.peerDependencies };
    expect(ranges).toEqual(Object.fromEntries(Object.entries(OLDEST).map(([name, oldest]) => [name, `^${oldest}`])));
    expect(NEWEST).toEqual(Object.fromEntries(Object.keys(ranges).map((name) => [name, dependencies[name]])));
    expect(app.manifest.version).toBe(version);
  });

  test('brings its licence with it', () => {
    const installed = readFileSync(path.join(app.folder, 'node_modules', NAME, 'LICENSE'));
    expect(installed.equals(readFileSync(path.join(ROOT, 'LICENSE')))).toBe(true);
  });

  test('guards a client in one line, in an application of its own', async () => {
    const printed = {
      'an ES module': await app.printed(app.write('app.mjs', callingOnce('import', server.endpoint))),
      CommonJS: await app.printed(app.write('app.cjs', callingOnce('require', server.endpoint))),
    };
    expect(printed).toEqual({ 'an ES module': ANSWERED, CommonJS: ANSWERED });
  });

  test('an ES module gets the one, `require` the other', async () => {
    const script = `import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      console.log(import.meta.resolve('${NAME}').split('/').at(-1), require.resolve('${NAME}').split('/').at(-1));
      console.log(require('${NAME}/package.json').name);`;
    expect(await app.printed(app.write('resolved.mjs', script))).toBe(`index.mjs index.js\n${NAME}\n`);
  });

  test("what one copy is told of a call holds in the other's guard", async () => {
    const script = `import { createRequire } from 'node:module';
      import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
      import { spendGuard } from '${NAME}';
      const { withGuard, isSpendGuardRefused } = createRequire(import.meta.url)('${NAME}');
      ${guardOf()}
      ${clientOf(server.endpoint)}
      const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
      const { output } = await client.send(withGuard(new ConverseCommand({ messages, modelId: '${LARGE}' }), { tier: 'small' }));
      console.log(output.message.content[0].text);
      const error = await client.send(new ConverseCommand({ messages, modelId: 'unknown' })).catch((thrown) => thrown);
      console.log(isSpendGuardRefused(error));
      client.destroy();`;
    expect(await app.printed(app.write('both.mjs', script))).toBe(`${ANSWERED}true\n`);
    expect(server.received.map(({ modelId }) => modelId)).toEqual([PROFILE]);
  });

  test('a process with nothing else to do stays alive while its call waits for room', async () => {
    const script = app.write('waits.cjs', callingOnce('require', server.endpoint, 3));
    expect(await app.printed(script)).toBe(ANSWERED);
  });

  describe('its types hold for callers, and say what is wrong', () => {
    test.each([
      ['an ES module by node16', 'typed.mts', ['--module', 'node16', '--moduleResolution', 'node16']],
      ['CommonJS by node16', 'typed.cts', ['--module', 'node16', '--moduleResolution', 'node16']],
      ['node20', 'typed.ts', ['--module', 'node20']],
      ['a bundler', 'typed.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
    ])('%s', (_, file, flags) => {
      // All three at once, each with a line of its own for what is wrong with it.
      const named = (body: string, at: number) =>
        app.write(`${at}-${file}`, `import { GuardedBedrock, spendGuard } from '${NAME}';\n${body}\n`);
      const source = "{ config: {} }, { earlyExit: { drainMs: 5 }, onEvent: ({ name }) => name === 'settled' }";
      const guard = `export const guard = spendGuard(${source});`;
      const asked = "export const asked = new GuardedBedrock({ config: {} }).converse({ tier: 'auto', messages: [] });";
      const wrong = "export const wrong = spendGuard({ config: {} }, { tier: 'huge' });";
      const said = app
        .compiled([guard, asked, wrong].map(named), ...flags)
        .trimEnd()
        .split('\n');
      expect(said.filter((line) => !line.startsWith(' '))).toEqual([
        expect.stringMatching(new RegExp(`^2-${file.replace('.', '[.]')}\\(.*huge`)),
      ]);
    });

    test('an ES module has no default of it', () => {
      const program = app.write('default.mts', `import guard from '${NAME}';\nexport const made = guard.spendGuard;\n`);
      expect(app.compiled([program], '--module', 'node16', '--moduleResolution', 'node16')).toContain(
        'no default export',
      );
    });
  });
});

describe('in a bundle', () => {
  /** Bundling the SDK takes seconds, and several on a busy machine. */
  const LONGEST_MS = 60_000;
  /** What it had kept to before budgets within budgets; the bound is what a change must not pass unseen. */
  const GOAL_BYTES = 250_000;
  const MOST_ADDED_BYTES = 265_000;
  const BARE = `import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
    await new BedrockRuntimeClient({}).send(new ConverseCommand({}));`;
  const GUARDED = (
    from: string,
  ) => `import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
    ${from}
    await spendGuard({ config: {} }).applyTo(new BedrockRuntimeClient({})).send(new ConverseCommand({}));`;
  const IMPORT = `import { spendGuard } from '${NAME}';`;
  /** How an application is bundled for a Lambda function, by either of the builds of the SDK. */
  const bundled = async (text: string, mainFields: readonly string[], outfile: string) => {
    const { metafile } = await build({
      absWorkingDir: app.folder,
      entryPoints: [app.write('bundled.mjs', text)],
      outfile: path.join(app.folder, outfile),
      bundle: true,
      minify: true,
      platform: 'node',
      format: outfile.endsWith('.mjs') ? 'esm' : 'cjs',
      mainFields: [...mainFields],
      metafile: true,
      logLevel: 'error',
    });
    const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
    return { bytes, files: Object.keys(metafile.inputs) };
  };

  /** Without the guard, by the build of the SDK. */
  const bares: Record<string, { readonly bytes: number }> = {};

  test.each([
    ['imported', IMPORT, ['main']],
    ['imported, with the ES modules of the SDK', IMPORT, ['module', 'main']],
    ['required', `const { spendGuard } = require('${NAME}');`, ['main']],
  ])(
    'it adds at most 265 KB, and no second Bedrock client: %s',
    async (name, from, mainFields) => {
      const wrapped = (text: string) => text.replace(/await (.*);/, 'void $1;');
      const key = mainFields.join(' ');
      const bare = (bares[key] ??= await bundled(wrapped(BARE), mainFields, 'bare.cjs'));
      const guarded = await bundled(wrapped(GUARDED(from)), mainFields, 'guarded.cjs');
      const clients = guarded.files.filter((file) =>
        /client-bedrock-runtime\/dist-\w+\/(index|BedrockRuntimeClient)\.js/.test(file),
      );
      expect(new Set(clients.map((file) => /dist-\w+/.exec(file)?.[0]))).toHaveProperty('size', 1);
      const added = guarded.bytes - bare.bytes;
      const goal = added <= GOAL_BYTES ? 'met' : 'MISSED';
      process.stdout.write(`bundle, ${name}: ${added} bytes more than ${bare.bytes}; goal ${GOAL_BYTES}, ${goal}\n`);
      expect(added).toBeLessThanOrEqual(MOST_ADDED_BYTES);
    },
    LONGEST_MS,
  );

  test.each([
    ['an ES module', 'starts.mjs', ['module', 'main']],
    ['CommonJS', 'starts.cjs', ['main']],
  ] as const)(
    'it starts and guards: %s',
    async (_, outfile, mainFields) => {
      await bundled(callingOnce('import', server.endpoint), mainFields, outfile);
      expect(await app.printed(path.join(app.folder, outfile))).toBe(ANSWERED);
    },
    LONGEST_MS,
  );
});
