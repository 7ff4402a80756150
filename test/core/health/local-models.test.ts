import { checkLocalModels, notVisibleFromAws } from '../../../core/health/local-models';
import { LocalError, type LocalModelsPort } from '../../../core/health/ports';
import { FakeLocalModels } from '../../../simulator/fakes/local-models';

const HERE = 'http://localhost:11434';
const pace = { elapsedMs: () => 0, timeout: () => new AbortController().signal };
const serving = (...tags: string[]) => new FakeLocalModels(new Map([[HERE, tags]]));
const check = (port: LocalModelsPort, models: readonly string[]) =>
  checkLocalModels(port, { endpoint: HERE, models }, pace);

it('a model that is there answers one token', async () => {
  const port = serving('llama3.1:8b', 'mistral:latest');
  expect(await check(port, ['llama-3.1-8b', 'mistral-7b'])).toEqual([
    { check: 'local-endpoint', subject: 'llama-3.1-8b', status: 'ok', latencyMs: 0, detail: 'answered as llama3.1:8b' },
    {
      check: 'local-endpoint',
      subject: 'mistral-7b',
      status: 'ok',
      latencyMs: 0,
      detail: 'answered as mistral:latest',
    },
  ]);
  expect(port.generated).toEqual(['llama3.1:8b', 'mistral:latest']);
});

it('when nothing listens there, one clear line says so and how to start it', async () => {
  const [finding, ...others] = await check(new FakeLocalModels(new Map()), ['llama-3.1-8b', 'mistral-7b']);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ status: 'warning', detail: `nothing listens at ${HERE}` });
  expect(finding!.fix).toContain('ollama serve');
});

it('a model that is missing names the pull, and what is there', async () => {
  const [finding] = await check(serving('gemma3:4b'), ['llama-3.1-8b']);
  expect(finding).toMatchObject({
    status: 'warning',
    fix: 'ollama pull llama3.1:8b',
    detail: 'not there; the endpoint has gemma3:4b',
  });
});

it('Ollama’s own tags are taken as they are; another size is another model', async () => {
  expect((await check(serving('qwen3:8b'), ['qwen3:8b']))[0]!.status).toBe('ok');
  expect((await check(serving('llama3.1:70b'), ['llama-3.1-8b']))[0]!.status).toBe('warning');
});

it('a name with no known tag is said as unknown, with the names that are known', async () => {
  const [finding] = await check(serving('gemma3:4b'), ['gemma-3']);
  expect(finding!.status).toBe('unknown');
  expect(finding!.fix).toContain('llama-3.1-8b, mistral-7b');
});

it('no local models configured: says what is there', async () => {
  expect((await check(serving(), []))[0]).toMatchObject({ status: 'ok', detail: expect.stringContaining('no models') });
});

it.each([
  [new LocalError('unreachable', 'no answer in time'), /cannot be reached: no answer in time/],
  [new LocalError('notOllama', 'not JSON'), /is not Ollama/],
  [new LocalError('httpStatus', '500 at /api/tags'), /answered with an error: 500/],
  [new TypeError('x'), /TypeError: x/],
])('%s is explained, never thrown', async (error, detail) => {
  const tags = async () => {
    throw error;
  };
  const port: LocalModelsPort = { tags, generateOnce: tags };
  expect((await check(port, ['llama-3.1-8b']))[0]!.detail).toMatch(detail);
});

it('one model that fails leaves the next one checked', async () => {
  const good = serving('llama3.1:8b', 'mistral:7b');
  const port: LocalModelsPort = {
    tags: (endpoint) => good.tags(endpoint),
    generateOnce: async (endpoint, tag) => {
      if (tag.startsWith('llama')) throw new LocalError('httpStatus', '500 out of memory at /api/generate');
      await good.generateOnce(endpoint, tag);
    },
  };
  expect((await check(port, ['llama-3.1-8b', 'mistral-7b'])).map(({ status }) => status)).toEqual(['warning', 'ok']);
});

it('from AWS it is not visible, which is no alarm', () => {
  expect(notVisibleFromAws(HERE)).toMatchObject({ status: 'expected', detail: 'not visible from AWS' });
});
