import { afterEach, expect, test } from '@jest/globals';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CONFIG, guarded } from '../helpers/guarded-client';
import { spendGuard } from '../../client/plugin';

afterEach(() => {
  delete process.env['AWS_RETRY_MODE'];
});

const warnings = ({ events }: ReturnType<typeof guarded>) =>
  events.filter(({ name }) => name === 'warning').map(({ attributes }) => String(attributes['spend_guard.message']));

test('a second guard of another environment is refused, one of the same is not', () => {
  const { client } = guarded('http://127.0.0.1:9');
  const other = spendGuard({ config: { ...CONFIG, environment: 'prod' } });
  expect(() => other.applyTo(client)).toThrow("has the guard of 'dev' already");
  expect(spendGuard({ config: CONFIG }).applyTo(client)).toBeInstanceOf(BedrockRuntimeClient);
});

test.each([
  ['us-east-1', 0],
  ['eu-central-1', 1],
])('a client in %s, with a config of us-east-1: %d warnings', async (region, count) => {
  const all = guarded('http://127.0.0.1:9', { client: { region } });
  await new Promise(setImmediate);
  expect(warnings(all).filter((message) => message.includes(region))).toHaveLength(count);
});

test('AWS_RETRY_MODE=adaptive is warned of like the option', () => {
  process.env['AWS_RETRY_MODE'] = 'adaptive';
  expect(warnings(guarded('http://127.0.0.1:9')).join()).toContain('adaptive');
});
