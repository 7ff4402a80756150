import { App, CustomResource, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { templateFingerprint } from '../../lib/every-deploy';
import { resourcesOf, templateOf } from '../helpers/stack';

interface Shape {
  readonly users?: readonly string[];
  readonly days?: number;
  readonly code?: string;
}

function fingerprintIn(stack: Stack, id: string): string {
  const resources = Template.fromStack(stack).toJSON().Resources as Record<
    string,
    { readonly Properties: { readonly Template: string } }
  >;
  return resources[id]!.Properties.Template;
}

/** The fingerprint as each of `users` has it in a stack of its own. */
function fingerprints({ users = ['A'], days = 1, code = 'exports.handler = 1' }: Shape = {}): Record<string, string> {
  const stack = new Stack(new App(), 'Guarded');
  const add = (id: string) =>
    new CustomResource(stack, id, {
      serviceToken: 'arn:aws:lambda:us-east-1:111111111111:function:f',
      resourceType: `Custom::${id}`,
      properties: { Template: templateFingerprint(stack) },
    });
  users.slice(0, 1).forEach(add);
  new sqs.CfnQueue(stack, 'Queue', { messageRetentionPeriod: days * 86_400 });
  new lambda.CfnFunction(stack, 'Function', { role: 'arn:aws:iam::111111111111:role/r', code: { zipFile: code } });
  users.slice(1).forEach(add);
  return Object.fromEntries(users.map((id) => [id, fingerprintIn(stack, id)]));
}

test('is the same for the same template', () => {
  expect(fingerprints()).toEqual(fingerprints());
  expect(fingerprints()['A']).toMatch(/^[0-9a-f]{16}$/);
});

test.each([
  ['a property', { days: 2 }],
  ['code', { code: 'exports.handler = 2' }],
  ['another custom resource', { users: ['A', 'B'] }],
])('%s that changes changes it', (_what, change) => {
  expect(fingerprints(change)['A']).not.toBe(fingerprints()['A']);
});

test('who asks first makes no difference: two that have one are stable', () => {
  const [one, other] = [fingerprints({ users: ['A', 'B', 'C'] }), fingerprints({ users: ['A', 'C', 'B'] })];
  expect(one).toEqual(other);
  expect(new Set(Object.values(one)).size).toBe(1);
});

test('another stack of the app has no part in it', () => {
  const inStage = (beside: boolean) => {
    const stage = new Stage(new App(), 'Stage');
    const stack = new Stack(stage, 'One');
    if (beside) new sqs.CfnQueue(new Stack(stage, 'Two'), 'Queue');
    new CustomResource(stack, 'A', { serviceToken: 's', properties: { Template: templateFingerprint(stack) } });
    return fingerprintIn(stack, 'A');
  };
  expect(inStage(true)).toBe(inStage(false));
});

describe('trap 52: concurrency is reserved by each deployment that changes anything', () => {
  const reserving = (changes: Readonly<Record<string, unknown>> = {}) => {
    const found = Object.values(resourcesOf(templateOf('dev', changes), 'Custom::SpendGuardReservedConcurrency'));
    return found.map(({ Properties }) => Properties['TemplateFingerprint'] as string);
  };
  const before = reserving();

  test('and by none that changes nothing', () => {
    expect(before).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    expect(reserving()).toEqual(before);
  });

  test.each([
    ['the limit', { monthlyLimitUsd: 60 }],
    ['a setting that is shipped beside the code', { graceMinutes: 61 }],
    ['the hour of the report', { report: { at: '09:00', timeZone: 'America/Sao_Paulo' } }],
  ])('%s', (_what, changes) => {
    expect(reserving(changes)).not.toEqual(before);
  });
});
