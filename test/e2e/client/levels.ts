import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { IAMClient } from '@aws-sdk/client-iam';
import { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  BUDGET_SORT_KEY,
  type BudgetNode,
  type BudgetPath,
  budgetKey,
  ENVIRONMENT_BUDGET,
  periodAt,
} from '../../../core/shared-budgets';
import { IamActions } from '../../helpers/iam-actions';
import { GUARD_SERVICES } from '../../helpers/iam-stack';
import { checkBudget, checkTree } from '../../helpers/ledger-invariants';
import { grantsTo } from '../support/granted';
import { RoleUses } from '../support/uses';
import type { Applications, Environment } from './applications';
import { JOB, JOB_ARN } from './job';

/** 200 callers; one process is killed in the middle of its work. */
const CROWD = { processes: 8, callersEach: 25, killed: 1 };
const ROOT: Pick<BudgetNode, 'path' | 'period'> = { path: ENVIRONMENT_BUDGET, period: 'month' };

/** Budgets within the budget of the environment `levels`. */
export function levels(running: () => Applications): void {
  let applications: Applications;
  let environment: Environment;
  let budgets: readonly BudgetNode[];
  beforeAll(async () => {
    applications = running();
    environment = await applications.prepared('levels');
    budgets = environment.config.budgets ?? [];
  });

  /** Each that was used: all add up, and none has less than those within it. */
  async function figures() {
    const stored = new Map<BudgetPath, Readonly<Record<string, unknown>>>();
    for (const node of [ROOT, ...budgets]) {
      const item = await applications.item(environment, node);
      if (item) stored.set(node.path, item);
    }
    checkTree(budgets, ({ path: budget }) => stored.get(budget), Date.now());
    return new Map([...stored].map(([budget, item]) => [budget, checkBudget(item)]));
  }

  describe('a role that the config grants one of them, under the policy that was deployed for it', () => {
    const siblings = ['search/daytime', 'ads', 'ads/nightly'];
    const keyOf = (budget: BudgetPath) => {
      const { period } = budgets.find((node) => node.path === budget) ?? ROOT;
      return { pk: budgetKey('levels', budget, periodAt(period, Date.now())), sk: BUDGET_SORT_KEY };
    };

    test('spends of it and of those it is within; refused by a sibling it holds nothing of those either', async () => {
      const asked = [...siblings, 'search/nightly'];
      const args = [path.join(__dirname, 'each.js'), ...applications.argumentsFor(environment.configFile), ...asked];
      const printed = await applications.run(args, await applications.aws.credentialsFor(JOB_ARN));
      expect(JSON.parse(printed)).toEqual([
        ...siblings.map((budget) => [budget, 'GUARD_UNAVAILABLE']),
        ['search/nightly', 'answered'],
      ]);
      const found = await figures();
      const { spent } = found.get(ENVIRONMENT_BUDGET)!;
      expect(spent).toBeGreaterThan(0);
      expect([...found].map(([budget, of]) => [budget, of.spent, of.held])).toEqual(
        [ENVIRONMENT_BUDGET, 'search', 'search/nightly'].map((budget) => [budget, spent, 0]),
      );
    });

    test('neither reads nor writes a sibling, nor looks at all of them', async () => {
      const { aws } = applications;
      const documents = DynamoDBDocumentClient.from(aws.client(DynamoDBClient, await aws.credentialsFor(JOB_ARN)));
      const TableName = environment.table;
      const update = { UpdateExpression: 'SET spent = :none', ExpressionAttributeValues: { ':none': 0 } };
      const asked = siblings.flatMap((budget) => [
        () => documents.send(new GetCommand({ TableName, Key: keyOf(budget) })),
        () => documents.send(new PutCommand({ TableName, Item: keyOf(budget) })),
        () => documents.send(new UpdateCommand({ TableName, Key: keyOf(budget), ...update })),
      ]);
      for (const ask of [...asked, () => documents.send(new ScanCommand({ TableName }))]) {
        await expect(ask()).rejects.toMatchObject({ name: 'AccessDeniedException' });
      }
      expect((await figures()).size).toBe(3);
    });

    test('all that it was let do its policies grant, and all that it was refused is about siblings', async () => {
      const { aws } = applications;
      const role = {
        ...{ environment: 'levels', roleName: JOB, feature: 'job' },
        policies: await grantsTo(aws.client(IAMClient), JOB),
      };
      const uses = new RoleUses(await IamActions.load(GUARD_SERVICES), [role], await aws.control.uses());
      expect(uses.ungranted()).toEqual([]);
      const refused = uses.uses.filter(({ allowed }) => !allowed);
      const keys = refused.flatMap(({ action, context }) =>
        action === 'dynamodb:Scan' ? [] : context['dynamodb:LeadingKeys'],
      );
      expect([...new Set(keys)].toSorted()).toEqual(siblings.map((budget) => keyOf(budget).pk).toSorted());
    });
  });

  describe.each([
    ['exact', 'search'],
    ['lease', 'ads'],
  ] as const)('%s: 200 callers in eight processes over three levels, one of them killed', (mode, parent) => {
    const [nightly, daytime] = [`${parent}/nightly`, `${parent}/daytime`];
    let billed: number;
    let killed: readonly number[];
    let before: Awaited<ReturnType<typeof figures>>;
    beforeAll(async () => {
      before = await figures();
      const { config } = environment;
      const configFile = path.join(applications.aws.work.inside('tmp'), `levels.${mode}.json`);
      writeFileSync(configFile, JSON.stringify({ ...config, inPath: { ...config.inPath, mode } }));
      const billedBefore = (await applications.bill(environment)).billed;
      killed = await applications.crowd({ ...environment, configFile }, { ...CROWD, budgets: [nightly, daytime] });
      billed = (await applications.bill(environment)).billed - billedBefore;
    });

    test('no more is billed than each has, each adds up, none has less than those within it, and 99% is used', async () => {
      const found = await figures();
      const of = (budget: BudgetPath) => {
        const { limit, spent, held, remaining } = found.get(budget)!;
        return { limit, remaining, spent: spent - (before.get(budget)?.spent ?? 0), held };
      };
      for (const budget of [ENVIRONMENT_BUDGET, parent, nightly, daytime]) {
        expect(of(budget).remaining).toBeGreaterThanOrEqual(0);
      }
      const { limit, remaining, spent, held } = of(parent);
      // A call that was in flight when its process was killed may have been billed: it is held until it runs out.
      expect(billed).toBeGreaterThanOrEqual(spent);
      expect(billed).toBeLessThanOrEqual(spent + held);
      expect(billed).toBeLessThanOrEqual(limit);
      expect(remaining / limit).toBeLessThan(0.01);
      expect(of(nightly).remaining / of(nightly).limit).toBeLessThan(0.02);
    });

    test('the killed was at work', () => {
      expect(killed).toHaveLength(CROWD.killed);
      for (const answered of killed) expect(answered).toBeGreaterThan(10);
    });
  });
}
