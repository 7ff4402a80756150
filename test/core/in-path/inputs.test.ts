import { expect, test } from '@jest/globals';
import * as runtime from '@aws-sdk/client-bedrock-runtime';
import { NormalizedSchema } from '@smithy/core/schema';
import { INPUT_COSTS } from '../../../core/in-path/input-costs';
import { withInvokeOptions } from '../../../core/in-path/inputs';
import { invokeBody } from '../../../core/in-path/invoke-body';

/** Every structure that these inputs lead to, with its members. */
function structures(inputs: readonly unknown[]): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  const walk = (schema: NormalizedSchema) => {
    if (schema.isStructSchema()) {
      const name = schema.getName() ?? '';
      if (name in found) return;
      const members = [...schema.structIterator()];
      found[name] = members.map(([member]) => member);
      for (const [, member] of members) walk(member);
    } else if (schema.isListSchema() || schema.isMapSchema()) walk(schema.getValueSchema());
  };
  for (const input of inputs) walk(NormalizedSchema.of(input as never));
  return found;
}

const METERED = [
  runtime.ConverseRequest$,
  runtime.ConverseStreamRequest$,
  runtime.InvokeModelRequest$,
  runtime.InvokeModelWithResponseStreamRequest$,
];

test("every member of a metered operation's input is priced, refused, or free for a reason: a new one is looked at", () => {
  const sorted = (of: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(of).map(([name, members]) => [name, [...members].sort()]));
  const known = Object.fromEntries(Object.entries(INPUT_COSTS).map(([name, costs]) => [name, Object.keys(costs)]));
  expect(sorted(known)).toEqual(sorted(structures(METERED)));
});

test('a member that is neither priced nor refused says why it costs nothing', () => {
  const costs = Object.values(INPUT_COSTS).flatMap((members) => Object.values(members));
  const reason = { free: expect.stringMatching(/\S \S/) as unknown };
  for (const cost of costs)
    expect(cost).toEqual(typeof cost === 'string' ? expect.stringMatching(/^(priced|refused)$/) : reason);
});

test('the walk finds what is deep inside, so that it can fail', () => {
  const found = structures(METERED);
  expect(found['S3Location']).toContain('uri');
  expect(found['InvokeModelRequest']).toContain('serviceTier');
  expect(Object.keys(found).length).toBeGreaterThan(50);
});

const shape = invokeBody('anthropic.claude', { max_tokens: 5 })!.shape;

test.each([
  [{ serviceTier: 'priority' }, {}, ["service tier 'priority'"], false],
  [{ serviceTier: 'reserved' }, {}, ["service tier 'reserved'"], false],
  [{ serviceTier: 'of-tomorrow' }, {}, ["service tier 'of-tomorrow'"], false],
  [{ performanceConfigLatency: 'optimized' }, {}, ["latency 'optimized'"], false],
  [{ guardrailIdentifier: 'g' }, {}, [], true],
  [{ guardrailVersion: '1' }, {}, [], true],
  [{}, { 'X-Amzn-Bedrock-Service-Tier': 'priority' }, ["service tier 'priority'"], false],
  [{}, { 'x-amzn-bedrock-performanceconfig-latency': 'optimized' }, ["latency 'optimized'"], false],
  [{}, { 'x-amzn-bedrock-guardrailidentifier': 'g' }, [], true],
  [
    { serviceTier: 'flex', performanceConfigLatency: 'standard' },
    { 'x-amzn-bedrock-service-tier': 'default' },
    [],
    false,
  ],
])('%j with the headers %j: %j, guardrail %s', (input, headers, unpriced, guardrail) => {
  expect(withInvokeOptions(shape, input, headers)).toEqual({ ...shape, unpriced, guardrail });
});
