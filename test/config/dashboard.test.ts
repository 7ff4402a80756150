import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import type { GuardInput } from '../../config/schema';
import { problemsOf } from './changed-guard';

type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const guardOf = (changes: Changes) =>
  ({
    environments: Object.fromEntries(
      Object.entries(shipped.environments).map(([name, one]) => [name, { ...one, ...changes[name] }]),
    ),
  }) as GuardInput;

const shownBy = (changes: Changes) =>
  loadGuard(guardOf(changes), 0).environments.map(({ name, dashboard }) => [
    name,
    dashboard?.carriedBy,
    dashboard?.environments.map((one) => one.name),
  ]);

const { local } = shipped.environments['dev']!.models;
const ALL = ['dev', 'staging', 'prod'];
const NONE = [undefined, undefined] as const;

test('off, unless an environment says so', () => {
  expect(shownBy({})).toEqual(ALL.map((name) => [name, ...NONE]));
  expect(shownBy({ dev: { dashboard: false } })).toEqual(ALL.map((name) => [name, ...NONE]));
});

test('on in one: it shows all environments of the account and Region, and each of them knows', () => {
  expect(shownBy({ staging: { dashboard: true } })).toEqual(ALL.map((name) => [name, 'staging', ALL]));
});

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['account', { account: '111122223333' }],
  ['Region', { region: 'us-west-2', models: { local, small: [{ id: 'amazon.nova-lite-v1:0' }], large: [] } }],
])('of another %s nothing is shown, and it may have one of its own', (_what, elsewhere) => {
  expect(shownBy({ dev: { dashboard: true }, prod: elsewhere })).toEqual([
    ['dev', 'dev', ['dev', 'staging']],
    ['staging', 'dev', ['dev', 'staging']],
    ['prod', ...NONE],
  ]);
  const both = { dev: { dashboard: true }, prod: { ...elsewhere, dashboard: true } };
  expect(shownBy(both).at(-1)).toEqual(['prod', 'prod', ['prod']]);
});

test('a second one in an account and Region is refused, with the one that is there', () => {
  expect(problemsOf(guardOf({ dev: { dashboard: true }, prod: { dashboard: true } }))).toEqual([
    "environments.prod.dashboard: is already set by 'dev', whose dashboard shows all environments of the account of whoever deploys in us-east-1: leave it out here",
  ]);
});
