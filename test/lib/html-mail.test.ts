import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import { actionsOf, environmentOf, granting, madeFor, roleIds, statementsOf, toldTo } from '../helpers/stack';

const { report, owner, budgetOwner } = environmentOf('dev');
const html = { from: 'spend@mail.example.org', identity: 'example.org' };

/** What the roles of one stack may do, by whether they are cost-check's. */
function grantsOf(made: ReturnType<typeof madeFor>) {
  const statements = (pattern: RegExp) =>
    roleIds(made.template, pattern).flatMap((id) => statementsOf(made.template, id));
  const isSes = (statement: Parameters<typeof actionsOf>[0]) =>
    actionsOf(statement).some((action) => action.startsWith('ses:'));
  return { own: statements(/cost-check/).filter(isSes), all: statements(/./).filter(isSes) };
}

const mailing = madeFor({ ...environmentOf('dev'), report: { ...report, html } });

test('without an address nobody may mail by SES, and the function is told of none', () => {
  const made = madeFor(environmentOf('dev'));
  expect(grantsOf(made).all).toEqual([]);
  expect(toldTo(made, 'cost-check')).not.toHaveProperty('REPORT_FROM');
  expect(parseCostCheckEnv(toldTo(made, 'cost-check'))).toMatchObject({ REPORT_TO: [] });
});

test('with one, cost-check alone may, from it alone, by its identity and the readers’, as the sandbox asks', () => {
  const { own, all } = grantsOf(mailing);
  expect(all).toHaveLength(own.length);
  const [send, ...others] = granting(own, 'ses:SendEmail');
  expect(others).toEqual([]);
  expect(actionsOf(send!)).toEqual(['ses:SendEmail']);
  expect(send!.Condition).toEqual({ StringEquals: { 'ses:FromAddress': html.from } });
  const identities = [send!.Resource]
    .flat()
    .map((arn) => JSON.stringify(arn).replace(/^.*:identity\/([^"]*)".*$/, '$1'));
  const domain = (address: string) => address.slice(address.indexOf('@') + 1);
  expect(new Set(identities)).toEqual(new Set([html.identity, owner, budgetOwner, domain(owner), domain(budgetOwner)]));
  expect(JSON.stringify(send!.Resource)).not.toContain('*');
  expect(granting(own, 'ses:GetSuppressedDestination').map(({ Resource }) => Resource)).toEqual(['*']);
});

test('the domain of a reader has no case, and its ARN the one that SES has', () => {
  const made = madeFor({ ...environmentOf('dev'), owner: 'Team@Example.COM', report: { ...report, html } });
  const [send] = granting(grantsOf(made).own, 'ses:SendEmail');
  const resources = JSON.stringify(send!.Resource);
  expect(resources).toContain(':identity/Team@Example.COM"');
  expect(resources).toContain(':identity/example.com"');
  expect(resources).not.toContain(':identity/Example.COM"');
});

test('owner and budget owner are told, each once', () => {
  expect(parseCostCheckEnv(toldTo(mailing, 'cost-check'))).toMatchObject({
    REPORT_FROM: html.from,
    REPORT_TO: [...new Set([owner, budgetOwner])],
  });
  const one = madeFor({ ...environmentOf('dev'), budgetOwner: owner, report: { ...report, html } });
  expect(parseCostCheckEnv(toldTo(one, 'cost-check')).REPORT_TO).toEqual([owner]);
});
