import { expect, test } from '@jest/globals';
import * as runtime from '@aws-sdk/client-bedrock-runtime';
import { kindOf } from '../../../core/in-path/operations';

const OPERATIONS = Object.keys(runtime)
  .filter((name) => name.endsWith('Command') && !name.startsWith('$'))
  .map((name) => name.slice(0, -'Command'.length));

test('every operation of the SDK is known: a new one is looked at before it is let through', () => {
  expect(Object.fromEntries(OPERATIONS.sort().map((name) => [name, kindOf(name)]))).toEqual({
    ApplyGuardrail: 'unmetered',
    Converse: 'metered',
    ConverseStream: 'metered',
    CountTokens: 'free',
    GetAsyncInvoke: 'free',
    InvokeGuardrailChecks: 'unmetered',
    InvokeModel: 'metered',
    InvokeModelWithBidirectionalStream: 'unmetered',
    InvokeModelWithResponseStream: 'metered',
    ListAsyncInvokes: 'free',
    StartAsyncInvoke: 'unmetered',
  });
});

test.each(['ThinkAloud', '', 'converse', 'unknown'])("what nobody knows, such as '%s', counts as costly", (name) => {
  expect(kindOf(name)).toBe('unmetered');
});
