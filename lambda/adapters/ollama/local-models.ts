import * as z from 'zod/mini';
import { LocalError, type LocalModelsPort } from '../../../core/health';
import { joinUrl } from '../../../core/url';

const tagsShape = z.object({ models: z.array(z.object({ name: z.string() })) });
const errorShape = z.object({ error: z.string() });

/** https://github.com/ollama/ollama/blob/main/docs/api.md: `GET /api/tags`, `POST /api/generate`. */
export const ollama: LocalModelsPort = {
  async tags(endpoint, signal) {
    const parsed = tagsShape.safeParse(await request(endpoint, '/api/tags', { signal }));
    if (!parsed.success) throw new LocalError('notOllama', '/api/tags lists no models');
    return parsed.data.models.map(({ name }) => name);
  },

  async generateOnce(endpoint, tag, signal) {
    const body = { model: tag, prompt: 'Answer with the word OK.', stream: false, options: { num_predict: 1 } };
    await request(endpoint, '/api/generate', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  },
};

async function request(endpoint: string, path: `/${string}`, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    // The plugin follows none: a prompt goes where the config says, or nowhere.
    response = await fetch(joinUrl(endpoint, path), { ...init, redirect: 'manual' });
  } catch (error) {
    throw unreached(error);
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const said = errorShape.safeParse(body);
    throw new LocalError('httpStatus', `${response.status}${said.success ? ` ${said.data.error}` : ''} at ${path}`);
  }
  if (body === undefined) throw new LocalError('notOllama', `${path} answers something that is not JSON`);
  return body;
}

/** `localhost` may stand for two addresses; then fetch gives one error for each. */
function unreached(error: unknown): LocalError {
  const { name, cause } = error as {
    name?: string;
    cause?: { code?: unknown; errors?: readonly { code?: unknown }[] };
  };
  const codes = [cause?.code, ...(cause?.errors ?? []).map(({ code }) => code)].filter((code) => code !== undefined);
  if (codes.length > 0 && codes.every((code) => code === 'ECONNREFUSED')) {
    return new LocalError('nothingListens', 'connection refused', { cause: error });
  }
  const text =
    name === 'TimeoutError' || name === 'AbortError'
      ? 'no answer in time'
      : codes.map(String).join(', ') || String(error);
  return new LocalError('unreachable', text, { cause: error });
}
