import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { principalsOf } from '../../lambda/principals';
import { MOST_NAMED_CHARACTERS } from '../../lib/guarded-principals';
import { policyCharacters } from '../../lib/policy-size';
import { MAX_VARIABLES_BYTES } from '../../lib/variables';
import { checked } from '../helpers/checked-app';
import { withManyModels } from '../helpers/many-models';
import { isTooLarge, policySizesOf } from '../helpers/policy-quotas';
import {
  actionsOf,
  environmentOf,
  featuresOf,
  granting,
  madeFor,
  roleIds,
  stackOf,
  statementsOf,
  toldTo,
  variableBytes,
  templateFor,
} from '../helpers/stack';

const ACCOUNT = '111122223333';
/** IAM's longest name of a role (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-28). */
const LONGEST_NAME = 64;

const namesOf = (kind: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${kind}-${String(at).padStart(4, '0')}-`.padEnd(LONGEST_NAME, 'x'));
const principals = (roles: number, users = 0, groups = 0) => ({
  principals: { roles: namesOf('role', roles), users: namesOf('user', users), groups: namesOf('group', groups) },
  account: ACCOUNT,
});

function expectWithinQuotas(template: Template): void {
  const sizes = [...policySizesOf(template)];
  expect(sizes.length).toBeGreaterThanOrEqual(8);
  expect(sizes.filter(([, one]) => isTooLarge(one))).toEqual([]);
  const functions = sizes.filter(([role]) => role !== 'InvokerRole');
  expect(functions.filter(([, { managed }]) => managed.length > 0)).toEqual([]);
}

describe('a thousand roles, users and groups each', () => {
  const stack = madeFor(environmentOf('dev', { ...principals(1_000, 1_000, 1_000), billAction: 'none' }));
  const { template } = stack;

  test("the policies of each role are within IAM's quotas, inline and with none besides", () => {
    expectWithinQuotas(template);
  });

  test.each(featuresOf(stack))('the variables of %s are within what Lambda takes', (feature) => {
    expect(variableBytes(stack, feature)).toBeLessThan(MAX_VARIABLES_BYTES);
  });

  test('everybody is told to the meter, by the file beside its code', () => {
    expect(principalsOf(parseSpendMeterEnv(toldTo(stack, 'spend-meter')))).toHaveLength(3_001);
  });

  test('whoever attaches is held by the condition: the switch alone, to anybody', () => {
    for (const feature of [/spend-meter/, /switch/]) {
      const [role = ''] = roleIds(template, feature);
      const attach = statementsOf(template, role).filter((one) => actionsOf(one).some((name) => /:Attach/.test(name)));
      expect(attach).toEqual(
        (['Role', 'User', 'Group'] as const).map((kind) => ({
          Effect: 'Allow',
          Action: `iam:Attach${kind}Policy`,
          Resource: `arn:aws:iam::${ACCOUNT}:${kind.toLowerCase()}/*`,
          Condition: { ArnEquals: { 'iam:PolicyARN': [{ Ref: 'SwitchPolicy' }] } },
        })),
      );
    }
  });
});

describe('as many as are named', () => {
  /** The environment's own role counts as the longest ARN, each other one with its comma. */
  const own = policyCharacters([{ 'Fn::GetAtt': ['InvokerRole', 'Arn'] }]);
  const each = policyCharacters(`arn:aws:iam::${ACCOUNT}:role/${'x'.repeat(LONGEST_NAME)}`) + 1;
  const most = Math.floor((MOST_NAMED_CHARACTERS - own) / each);
  const resourcesOn = (roles: number, kind: 'Role' | 'User') => {
    const template = templateFor(environmentOf('dev', principals(roles, 2)));
    const [role = ''] = roleIds(template, /spend-meter/);
    const statement = granting(statementsOf(template, role), `iam:Attach${kind}Policy`)[0]!;
    return [statement.Resource].flat();
  };

  test.each([
    ['just below', -3],
    ['at', -2],
  ])('%s the bound each is named', (_where, by) => {
    expect(resourcesOn(most + by, 'Role')).toHaveLength(most + by + 1);
  });

  test('above it the kind is, and whoever is of another kind stays named', () => {
    expect(resourcesOn(most - 1, 'Role')).toEqual([`arn:aws:iam::${ACCOUNT}:role/*`]);
    expect(resourcesOn(most - 1, 'User')).toHaveLength(2);
  });

  test("with sixty models besides, the policies of each role are within IAM's quotas", () => {
    const template = templateFor(withManyModels(60, principals(most - 2, 2)));
    expectWithinQuotas(template);
    const [check = ''] = roleIds(template, /health-check/);
    const [looks] = granting(statementsOf(template, check), 'iam:ListAttachedRolePolicies');
    expect([looks!.Resource].flat()).toHaveLength(most - 1);
  });
});

test('the budgets action of as many as AWS Budgets takes is within the quotas too, and cdk-nag knows why', () => {
  const stack = stackOf(environmentOf('dev', principals(99, 100, 100)));
  const app = checked(stack.node.root as App);
  expect(() => app.synth()).not.toThrow();
  expectWithinQuotas(Template.fromStack(stack));
});
