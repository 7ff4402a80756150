import {
  BudgetsClient,
  CreateBudgetCommand,
  DeleteBudgetCommand,
  DescribeBudgetsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-budgets';
import { ServiceError } from '../../../core/errors';
import { VERIFY_TAG } from '../../../core/tags';
import type { Found, TemporaryBudgetsPort } from '../../../core/verify';
import { timeout } from '../pace';
import { allPagesOrRefusal } from '../regional';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;
/** What DescribeBudgets gives at once. */
const PAGE = 100;
/** It alerts nobody: any amount will do. */
const LIMIT = { Amount: '1', Unit: 'USD' } as const;

export function temporaryBudgets(
  { account, partition }: { readonly account: string; readonly partition: string },
  // A global service, signed for us-east-1 (trap 12).
  client = new BudgetsClient({ region: 'us-east-1', maxAttempts: 5 }),
): TemporaryBudgetsPort {
  const AccountId = account;
  const options = () => ({ abortSignal: timeout(REQUEST_MS) });
  return {
    async create({ name, key, value, runId }) {
      const command = new CreateBudgetCommand({
        AccountId,
        Budget: {
          BudgetName: name,
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
          BudgetLimit: LIMIT,
          Metrics: ['UnblendedCost'],
          FilterExpression: { Tags: { Key: key, Values: [value], MatchOptions: ['EQUALS'] } },
        },
        ResourceTags: [{ Key: VERIFY_TAG, Value: runId }],
      });
      await calling(() => client.send(command, options()));
    },

    async list(namePrefix) {
      const budgets = await allPagesOrRefusal(async (NextToken) => {
        const command = new DescribeBudgetsCommand({ AccountId, MaxResults: PAGE, NextToken });
        const page = await calling(() => client.send(command, options()));
        return { items: page.Budgets ?? [], next: page.NextToken };
      });
      const found: Found[] = [];
      for (const { BudgetName: name = '' } of budgets) {
        if (!name.startsWith(namePrefix)) continue;
        const arn = `arn:${partition}:budgets::${account}:budget/${name}`;
        const { ResourceTags = [] } = await calling(() =>
          client.send(new ListTagsForResourceCommand({ ResourceARN: arn }), options()),
        );
        const runId = ResourceTags.find(({ Key }) => Key === VERIFY_TAG)?.Value;
        found.push({ name, arn, ...(runId === undefined ? {} : { runId }) });
      }
      return found;
    },

    async remove(name) {
      try {
        await calling(() => client.send(new DeleteBudgetCommand({ AccountId, BudgetName: name }), options()));
      } catch (error) {
        if (!(error instanceof ServiceError && error.refusal === 'notFound')) throw error;
      }
    },
  };
}
