import { clientConfigSource } from '../../cli/client-config-source';
import { UsageError } from '../../cli/errors';
import type { World } from '../../cli/world';
import { CLIENT_CONFIG_VARIABLE } from '../../core/in-path';

const NOBODY = {} as World;
const CONFIG = { schemaVersion: 1, environment: 'dev', region: 'us-east-1' };
const source = (env?: string) => clientConfigSource({ env, app: 'cdk.out' }, NOBODY);

afterEach(() => {
  delete process.env[CLIENT_CONFIG_VARIABLE];
});

describe('a client config in the variable, as tasks on Fargate have it', () => {
  test('is taken as it is: neither a file nor AWS is asked', async () => {
    process.env[CLIENT_CONFIG_VARIABLE] = JSON.stringify(CONFIG);
    const taken = { environment: 'dev', config: CONFIG, from: CLIENT_CONFIG_VARIABLE };
    expect(await source('dev')).toEqual(taken);
    expect(await source()).toEqual(taken);
  });

  test.each([
    ['of another environment', JSON.stringify(CONFIG), 'prod', 'is of dev, and --env names prod'],
    ['no JSON', '{', 'dev', 'is no JSON'],
    ['empty', '', 'dev', 'is no JSON'],
    ['no client config', '[]', 'dev', 'is no client config: write it with npx spend-guard client-config'],
    ['null', 'null', 'dev', 'is no client config'],
  ])('%s: named, and what to do', async (_what, text, env, says) => {
    process.env[CLIENT_CONFIG_VARIABLE] = text;
    const refused = source(env);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(`${CLIENT_CONFIG_VARIABLE}: ${says}`);
  });

  test('a file that is named goes before it', async () => {
    process.env[CLIENT_CONFIG_VARIABLE] = JSON.stringify(CONFIG);
    const refused = clientConfigSource({ clientConfig: '/nowhere.json', app: 'cdk.out' }, NOBODY);
    await expect(refused).rejects.toThrow('--client-config /nowhere.json: cannot be read');
  });
});
