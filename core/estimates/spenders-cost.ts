/**
 * What it costs to be told who spent it, beside the request to Cost Explorer that is in the table. $0.005 per GB scanned:
 * https://c3x.dev/blog/cloudwatch-logs-cost-optimization (us-east-1, June 2026), read 2026-11-29.
 */
export function spendersCostLines({ logGroup }: { readonly logGroup?: string }): readonly string[] {
  if (logGroup === undefined) return [];
  return [
    `unknown, not in the total: Logs Insights reads each day of ${logGroup} once, at $0.005 per GB scanned; four days at first, and up to four a report while it fails. Each report says what it scanned`,
  ];
}
