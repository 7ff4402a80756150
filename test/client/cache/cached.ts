import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { CONFIG, SMALL } from '../../helpers/guarded-client';
import { ask } from '../../helpers/guarded-server';

export const config = { ...CONFIG, cacheMinutes: 60 };
export const NOW = Date.UTC(2026, 10, 10);
export const tokens = { input: 10, output: 20 };

export const question = (text = 'hello', modelId = SMALL): ConverseCommandInput =>
  ask({ modelId, messages: [{ role: 'user', content: [{ text }] }] });

export async function all<T>(stream: AsyncIterable<T> | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const event of stream!) found.push(event);
  return found;
}
