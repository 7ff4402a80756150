/** Rows of docs/unproven.md, "What no account has shown", by their first cell; a test holds them to the page. */
export const ROWS = {
  'listing-delay': 'trap 46: how late ListMetrics shows a new series',
  'metric-names': 'under which names and which ModelId a call through an application profile is counted',
  'own-series': "whether it is counted in the series of the model's own id as well",
  'metric-delay': 'how long after an answer its tokens can be read',
  'deny-latency': 'whether a version of a policy works for sessions that run, and how soon',
  stream: 'whether a stream in flight goes on to its end after a deny',
  'tag-key': 'trap 49: how a FilterExpression writes the key of a user tag',
  'legacy-words': 'in which words a Legacy model, the use-case form or the Marketplace refuses',
  'legacy-profile': 'trap 50: whether a Legacy model can be the source of a new inference profile',
} as const;

export type RowId = keyof typeof ROWS;

/** `shown`: as the guard expects. `unsettled`: this run cannot tell. */
export type Verdict = 'shown' | 'otherwise' | 'unsettled';

/** What a step says of a row. */
export interface RowFinding {
  readonly row: RowId;
  readonly verdict: Verdict;
  /** With the numbers. */
  readonly text: string;
}

/** What a step has come to. Readings hold what was seen, for whoever judges anew. */
export interface Judged {
  readonly findings: readonly RowFinding[];
  readonly readings: Readonly<Record<string, unknown>>;
  /** By name; times in milliseconds. */
  readonly numbers: Readonly<Record<string, number>>;
}
