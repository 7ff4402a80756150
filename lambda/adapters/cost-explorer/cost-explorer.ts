import {
  CostExplorerClient,
  GetCostAndUsageCommand,
  ListCostAllocationTagsCommand,
  type Expression,
  type Group,
} from '@aws-sdk/client-cost-explorer';
import type { UtcDay } from '../../../core/calendar';
import { GuardError } from '../../../core/errors';
import { parseDecimal } from '../../../core/money';
import type {
  CostAllocationTagsPort,
  TagStatus,
  CostAnswer,
  CostExplorerPort,
  CostGroup,
  CostQuery,
  CostRow,
} from '../../../core/bill';
import { failureOf } from '../service-error';
import { timeout } from '../pace';
import { allPages } from '../pages';

/**
 * Over all pages and attempts. Two questions follow one another within cost-check's 50 s (that for the tag beside the second), and the mail
 * comes after them: one that hangs
 * must not cost the report.
 */
const COSTS_MS = 12_000;
const TAGS_MS = 8_000;

/** "User not enabled for cost explorer access" (https://github.com/cloudgraphdev/cli/issues/91, read 2026-11-29). */
const NOT_ENABLED = /not enabled for cost explorer access/i;

/** Credits and refunds hide real spend, tax is not the models' (trap 15). */
const WITHOUT_CREDITS: Expression = {
  Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } },
};

/** Cost Explorer and its list of tags. Every page of costs is a paid request of $0.01. */
export class CostExplorerAdapter implements CostExplorerPort, CostAllocationTagsPort {
  constructor(
    // The API is served from us-east-1, whatever Region the function runs in.
    private readonly client = new CostExplorerClient({ region: 'us-east-1', maxAttempts: 4 }),
  ) {}

  async costs(query: CostQuery): Promise<CostAnswer> {
    let requests = 0;
    const abortSignal = timeout(COSTS_MS);
    try {
      const rows = await allPages(async (token) => {
        requests += 1;
        const page = await this.client.send(new GetCostAndUsageCommand({ ...inputOf(query), NextPageToken: token }), {
          abortSignal,
        });
        // A grouped answer has its figures in the groups; its totals are empty (trap 2).
        const items = (page.ResultsByTime ?? []).flatMap(({ TimePeriod, Groups = [] }) =>
          Groups.map((group) => rowOf(group, TimePeriod?.Start, query.groupBy)),
        );
        return { items, next: page.NextPageToken };
      });
      return { kind: 'known', rows, requests };
    } catch (error) {
      return { kind: 'unavailable', ...whyOf(error), requests };
    }
  }

  async tagStatus(key: string): Promise<TagStatus> {
    try {
      const { CostAllocationTags = [] } = await this.client.send(
        new ListCostAllocationTagsCommand({ TagKeys: [key] }),
        { abortSignal: timeout(TAGS_MS) },
      );
      const found = CostAllocationTags.find(({ TagKey }) => TagKey === key);
      if (!found) return { kind: 'known', state: 'unseen' };
      return { kind: 'known', state: found.Status === 'Active' ? 'active' : 'inactive' };
    } catch (error) {
      const { name } = failureOf(error) ?? {};
      const { why } = whyOf(error);
      if (isNotEnabled(error, name)) return { kind: 'unavailable', why, isNotEnabled: true };
      const refused = 'only the management account may list cost allocation tags, and this one was refused';
      return { kind: 'unavailable', why: name === 'AccessDeniedException' ? refused : why };
    }
  }
}

function inputOf({ from, to, granularity, groupBy, services, tag }: CostQuery) {
  const filters: Expression[] = [
    WITHOUT_CREDITS,
    ...(services ? [{ Dimensions: { Key: 'SERVICE' as const, Values: [...services] } }] : []),
    ...(tag ? [taggedAs(tag)] : []),
  ];
  return {
    TimePeriod: { Start: from, End: to },
    Granularity: granularity,
    Metrics: ['UnblendedCost'],
    GroupBy: groupBy.map((group) =>
      group.kind === 'TAG' ? { Type: 'TAG' as const, Key: group.key } : { Type: 'DIMENSION' as const, Key: group.kind },
    ),
    Filter: filters.length === 1 ? filters[0] : { And: filters },
  };
}

function taggedAs({ key, value, orNone = false }: NonNullable<CostQuery['tag']>): Expression {
  const own = { Tags: { Key: key, Values: [value] } };
  return orNone ? { Or: [own, { Tags: { Key: key, MatchOptions: ['ABSENT'] } }] } : own;
}

function rowOf(group: Group, day: string | undefined, groupBy: readonly CostGroup[]): CostRow {
  const { Amount, Unit } = group.Metrics?.['UnblendedCost'] ?? {};
  if (day === undefined || Amount === undefined || Unit === undefined || group.Keys?.length !== groupBy.length) {
    throw new GuardError(
      'ANSWER_INVALID',
      `Cost Explorer gave a group without day, amount, unit or keys: ${JSON.stringify(group)}`,
    );
  }
  // A tag's key comes as `<tag>$<value>`, with nothing after the dollar sign for what is not tagged
  // (https://docs.aws.amazon.com/cost-management/latest/APIReference/API_GetCostAndUsage.html, read 2026-11-23).
  const keys = group.Keys.map((key, at) => {
    const by = groupBy[at];
    return by?.kind === 'TAG' ? valueOf(key, by.key) : key;
  });
  return { day: day.slice(0, 10) as UtcDay, keys, amount: parseDecimal(Amount), currency: Unit };
}

/** No document says whether a tag of IAM principals is answered with the prefix that it is asked with. */
function valueOf(answered: string, key: string): string {
  const found = [key, key.replace(/^iamPrincipal\//, '')].find((name) => answered.startsWith(`${name}$`));
  return found === undefined ? answered : answered.slice(found.length + 1);
}

/** Of a refusal the name alone does not tell it from a permission that is missing. */
function isNotEnabled(error: unknown, name: string | undefined): boolean {
  if (name === 'DataUnavailableException') return true;
  return name === 'AccessDeniedException' && error instanceof Error && NOT_ENABLED.test(error.message);
}

function whyOf(error: unknown): { readonly why: string; readonly retryable: boolean } {
  // An answer that makes no sense: no defect of the guard, and its requests are paid for.
  if (error instanceof GuardError) return { why: error.message, retryable: error.code === 'PAGE_TOKEN_REPEATED' };
  if (error instanceof RangeError) return { why: `Cost Explorer gives what is ${error.message}`, retryable: false };
  const failure = failureOf(error);
  if (!failure) throw error;
  switch (failure.name) {
    case 'AccessDeniedException':
      return {
        why: 'Cost Explorer refuses this account: it was never opened, or the management account has switched off IAM access to billing',
        retryable: false,
      };
    case 'DataUnavailableException':
      return { why: 'Cost Explorer has no data yet: it comes within 24 hours of the first spend', retryable: false };
    case 'LimitExceededException':
      return { why: 'Cost Explorer takes no more requests for now', retryable: true };
    case 'BillExpirationException':
      return { why: 'the bill was just closed and Cost Explorer is updating it', retryable: true };
    default:
      return { why: `Cost Explorer answers ${failure.name}`, retryable: failure.retryable };
  }
}
