import type { UtcDay } from '../../../core/calendar';
import { decimalToNano, usd } from '../../../core/money';
import type {
  CostAllocationTagsPort,
  CostAnswer,
  CostExplorerPort,
  CostGroup,
  CostQuery,
} from '../../../core/bill/ports';
import { contract, differs, type Case } from './contract';

export interface Line {
  readonly day: string;
  readonly service: string;
  readonly usageType: string;
  readonly usd: number;
  /** Value of the tag `Environment`; '' for none. */
  readonly tag: string;
}

export interface CostExplorerSubject {
  readonly port: CostExplorerPort & CostAllocationTagsPort;
  readonly bill: (...lines: readonly Line[]) => Promise<void>;
  /** What it knows of the tag `Environment`. */
  readonly tag: (status: 'Active' | 'Inactive' | 'unseen') => Promise<void>;
  /** Every later request, by Cost Explorer's name for it. */
  readonly refuse: (code: string) => Promise<void>;
}

const TAG = 'Environment';
const BEDROCK = 'Amazon Bedrock';
const line = (day: string, usdOfDay: number, over: Partial<Line> = {}): Line => ({
  ...{ day: `2026-11-${day}`, service: BEDROCK, usageType: 'USE1-InputTokens', usd: usdOfDay, tag: 'dev' },
  ...over,
});
const day = (of: string) => `2026-11-${of}` as UtcDay;
const query = (over: Partial<CostQuery> = {}): CostQuery => ({
  ...{ from: day('01'), to: day('04'), granularity: 'DAILY', groupBy: [{ kind: 'SERVICE' }] },
  ...over,
});

/** Rows as `day keys nano-dollars`, sorted: their order is not promised. */
function rowsOf(answer: CostAnswer): readonly string[] | CostAnswer {
  if (answer.kind !== 'known') return answer;
  return answer.rows
    .map((row) => `${row.day} ${row.keys.join('|')} ${decimalToNano(row.amount)} ${row.currency}`)
    .toSorted();
}

const groupings: readonly [string, readonly CostGroup[], readonly string[]][] = [
  ['service', [{ kind: 'SERVICE' }], [BEDROCK, 'Claude (Amazon Bedrock Edition)']],
  ['usage type', [{ kind: 'USAGE_TYPE' }], ['USE1-InputTokens', 'USE1-OutputTokens']],
  ['tag, with an empty value for what has none', [{ kind: 'TAG', key: TAG }], ['dev', '']],
];

const refused: readonly [string, boolean][] = [
  ['DataUnavailableException', false],
  ['AccessDeniedException', false],
  ['LimitExceededException', true],
  ['BillExpirationException', true],
];

const FILTERS = differs(
  'emulator',
  'it looks at no filter',
  'https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html (2026-11)',
);
const VALIDATION = differs(
  'emulator',
  'it checks no request',
  'https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html (2026-11)',
);

export const costExplorerContract = contract<CostExplorerSubject>(
  'cost-explorer',
  [
    {
      name: 'by day: from is of the period, to is not, and a day without spend has no row',
      async run({ port, bill }) {
        await bill(...['31', '01', '03', '04'].map((of) => line(of, of === '31' ? 9 : 0.25)));
        const answer = await port.costs(query());
        expect(rowsOf(answer)).toEqual([
          `2026-11-01 ${BEDROCK} ${usd('0.25')} USD`,
          `2026-11-03 ${BEDROCK} ${usd('0.25')} USD`,
        ]);
        expect(answer.requests).toBeGreaterThanOrEqual(1);
      },
    },
    ...groupings.map(([what, groupBy, [first = '', second = '']]): Case<CostExplorerSubject> => ({
      name: `by ${what}: a row for each, added up`,
      async run({ port, bill }) {
        const other = { service: 'Claude (Amazon Bedrock Edition)', usageType: 'USE1-OutputTokens', tag: '' };
        await bill(line('01', 0.25), line('01', 0.5), line('01', 4, other));
        expect(rowsOf(await port.costs(query({ groupBy })))).toEqual(
          [`2026-11-01 ${first} ${usd('0.75')} USD`, `2026-11-01 ${second} ${usd(4)} USD`].toSorted(),
        );
      },
    })),
    {
      name: 'by two keys, in the order asked for',
      async run({ port, bill }) {
        await bill(line('01', 0.25), line('01', 0.5, { tag: 'staging' }));
        const groupBy = [{ kind: 'USAGE_TYPE' } as const, { kind: 'TAG', key: TAG } as const];
        expect(rowsOf(await port.costs(query({ groupBy })))).toEqual([
          `2026-11-01 USE1-InputTokens|dev ${usd('0.25')} USD`,
          `2026-11-01 USE1-InputTokens|staging ${usd('0.5')} USD`,
        ]);
      },
    },
    {
      name: 'by month: one row for all its days',
      async run({ port, bill }) {
        await bill(line('01', 0.25), line('03', 0.5));
        expect(rowsOf(await port.costs(query({ granularity: 'MONTHLY' })))).toEqual([
          `2026-11-01 ${BEDROCK} ${usd('0.75')} USD`,
        ]);
      },
    },
    {
      name: 'a bill without anything is known, and empty',
      async run({ port, bill }) {
        await bill();
        expect(rowsOf(await port.costs(query()))).toEqual([]);
      },
    },
    {
      name: 'of these services only',
      async run({ port, bill }) {
        await bill(line('01', 0.25), line('01', 4, { service: 'Amazon EC2' }));
        expect(rowsOf(await port.costs(query({ services: [BEDROCK] })))).toEqual([
          `2026-11-01 ${BEDROCK} ${usd('0.25')} USD`,
        ]);
      },
      differs: FILTERS,
    },
    {
      name: 'of one tag only',
      async run({ port, bill }) {
        await bill(line('01', 0.25), line('01', 4, { tag: 'staging' }), line('01', 8, { tag: '' }));
        expect(rowsOf(await port.costs(query({ tag: { key: TAG, value: 'dev' } })))).toEqual([
          `2026-11-01 ${BEDROCK} ${usd('0.25')} USD`,
        ]);
      },
      differs: FILTERS,
    },
    {
      name: 'of one tag, and of what does not carry its key',
      async run({ port, bill }) {
        await bill(line('01', 0.25), line('01', 4, { tag: 'staging' }), line('01', 8, { tag: '' }));
        expect(rowsOf(await port.costs(query({ tag: { key: TAG, value: 'dev', orNone: true } })))).toEqual([
          `2026-11-01 ${BEDROCK} ${usd('8.25')} USD`,
        ]);
      },
      differs: FILTERS,
    },
    {
      name: 'an empty period is refused, and never a bill of nothing',
      async run({ port, bill }) {
        await bill(line('01', 0.25));
        const answer = await port.costs(query({ to: day('01') }));
        expect(answer).toMatchObject({ kind: 'unavailable', why: expect.stringContaining('ValidationException') });
      },
      differs: VALIDATION,
    },
    {
      name: 'more than two keys are refused',
      async run({ port, bill }) {
        await bill(line('01', 0.25));
        const groupBy = [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }, { kind: 'TAG', key: TAG }] as const;
        const answer = await port.costs(query({ groupBy }));
        expect(answer).toMatchObject({ kind: 'unavailable', why: expect.stringContaining('ValidationException') });
      },
      differs: VALIDATION,
    },
    ...refused.map(([code, retryable]): Case<CostExplorerSubject> => ({
      name: `trap 38: ${code} is unavailable, ${retryable ? 'for now' : 'also the next time'}`,
      async run({ port, refuse }) {
        await refuse(code);
        const answer = await port.costs(query());
        expect(answer).toMatchObject({ kind: 'unavailable', retryable, requests: 1 });
      },
    })),
    ...(['Active', 'Inactive', 'unseen'] as const).map((status): Case<CostExplorerSubject> => ({
      name: `a cost allocation tag is ${status.toLowerCase()}`,
      async run({ port, tag }) {
        await tag(status);
        expect(await port.tagStatus(TAG)).toEqual({ kind: 'known', state: status.toLowerCase() });
      },
    })),
  ],
  [
    {
      name: 'a month that is asked for from within has its row on the first day asked for',
      async run({ port, bill }) {
        await bill(line('02', 0.25), line('03', 0.5));
        expect(rowsOf(await port.costs(query({ from: day('02'), granularity: 'MONTHLY' })))).toEqual([
          `2026-11-02 ${BEDROCK} ${usd('0.75')} USD`,
        ]);
      },
    },
  ],
);
