import { usd } from '../money';
import type { Notice, NoticeSpend } from '../notice';
import { oneLine } from '../notice';
import { type Incoming, linesOf } from './incoming-message';

/**
 * What AWS Budgets writes is plain text, of which no page promises the form. What is found in lines such as `Budget Name: prod` is told
 * apart, and the text is told in any case.
 */
export function budgetsNotice({ messageId, subject, text, at }: Incoming, environment: string): Notice {
  const fields = new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const found = /^\s*([A-Za-z ]{3,40}):\s+(\S.*?)\s*$/.exec(line);
      return found ? [[(found[1] ?? '').trim().toLowerCase(), found[2] ?? ''] as const] : [];
    }),
  );
  const budget = fields.get('budget name');
  const spend = spendOf(fields);
  const title = budget === undefined ? 'AWS Budgets tells of a budget' : `AWS Budgets tells of ${budget}`;
  return {
    ...{ schemaVersion: 1, environment, source: 'budgets', status: 'once', urgency: 'warning', at },
    key: messageId,
    fact: `budgets|${messageId}`,
    title: oneLine(subject, 200) || oneLine(title, 200),
    happened: linesOf(text),
    ...(spend !== undefined && { spend }),
    todo: [],
    who: 'Budgets are hours behind: the meter knows more',
  };
}

/** Both, or neither: what is not known is not zero. */
function spendOf(fields: ReadonlyMap<string, string>): NoticeSpend | undefined {
  const amount = dollarsOf(fields.get('actual amount'));
  const limit = dollarsOf(fields.get('budgeted amount'));
  return amount === undefined || limit === undefined ? undefined : { amount, limit };
}

function dollarsOf(text: string | undefined) {
  const found = /^\$((?:\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,9})?)$/.exec(text ?? '');
  if (!found) return undefined;
  const digits = (found[1] ?? '').replaceAll(',', '');
  return Number(digits) < 9_000_000 ? usd(digits) : undefined;
}
