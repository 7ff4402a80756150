import type { Kind } from './journal';
import type { RowId } from './rows';

export const STEP_IDS = [
  'metric-names',
  'listing-delay',
  'metric-delay',
  'deny-latency',
  'budget-tag',
  'legacy-refusal',
] as const;

export type StepId = (typeof STEP_IDS)[number];

export interface Step {
  readonly id: StepId;
  readonly question: string;
  /** Which rows of docs/unproven.md it is about. */
  readonly rows: readonly RowId[];
  readonly creates: readonly string[];
  /** The same, as they are looked for where they are left over. */
  readonly kinds: readonly Kind[];
  /** In words, for whoever is asked. */
  readonly calls: string;
  /** How long it takes, in words. */
  readonly takes: string;
  /** Whose task it is. */
  readonly who: string;
}

const PROFILE = 'an application inference profile of the cheapest model';
const CALLER = 'whoever may make application inference profiles and read metrics';

/** In the order in which they run: what waits longest comes last. */
export const STEPS: Readonly<Record<StepId, Step>> = {
  'metric-names': {
    id: 'metric-names',
    question: 'Under which metric names and which ModelId does CloudWatch count a call through a profile?',
    rows: ['metric-names', 'own-series'],
    creates: [PROFILE],
    kinds: ['profile'],
    calls: '3 calls of one token each, GetMetricData until they show',
    takes: 'some 4 minutes, 15 at most',
    who: CALLER,
  },
  'listing-delay': {
    id: 'listing-delay',
    question: 'How long after the first call does ListMetrics show a new series?',
    rows: ['listing-delay'],
    creates: [PROFILE],
    kinds: ['profile'],
    calls: '1 call of one token, ListMetrics and GetMetricData until it shows',
    takes: '15 minutes, 20 at most',
    who: CALLER,
  },
  'metric-delay': {
    id: 'metric-delay',
    question: 'How long after a call is answered does GetMetricData count it?',
    rows: ['metric-delay'],
    creates: [PROFILE],
    kinds: ['profile'],
    calls: '20 calls of one token each over a minute, GetMetricData until all show',
    takes: 'some 4 minutes, 16 at most',
    who: CALLER,
  },
  'deny-latency': {
    id: 'deny-latency',
    question: "How long after SetDefaultPolicyVersion are an open session's calls refused, and does a stream go on?",
    rows: ['deny-latency', 'stream'],
    creates: [
      PROFILE,
      'a role that may call it, and nothing else',
      "a managed policy on that role, with the switch's open and stopped versions",
    ],
    kinds: ['role', 'policy', 'profile'],
    calls: 'calls of one token each by the role, twice a second at first, through 5 denies; some long answers in parts',
    takes: 'some 5 minutes, 25 at most',
    who: 'an administrator: whoever may make a role and give it a policy may give it any',
  },
  'budget-tag': {
    id: 'budget-tag',
    question: 'Is the cost allocation tag active, and in which spelling of its key does a budget count?',
    rows: ['tag-key'],
    creates: ['two budgets over the tag, which mail nobody and stay for the next run to read'],
    kinds: ['budget'],
    calls: 'ListCostAllocationTags, DescribeBudget; 1 request of Cost Explorer once the budgets are a day old',
    takes: 'a minute; again after a day, and after two where it is not settled by then',
    who: 'the management account, or a standalone one: only they may list cost allocation tags',
  },
  'legacy-refusal': {
    id: 'legacy-refusal',
    question: 'In which words is a Legacy model refused, and may a new profile be made of it?',
    rows: ['legacy-words', 'legacy-profile'],
    creates: ['an application inference profile of a Legacy model, if AWS lets it'],
    kinds: ['profile'],
    calls: '1 call of one token of a Legacy model',
    takes: 'a minute',
    who: 'whoever may call the model and make application inference profiles',
  },
};
