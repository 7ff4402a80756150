import {
  budgetNote,
  budgetOrderLines,
  budgetsConcern,
  type BudgetStand,
  type BudgetTree,
  needsAttention,
} from '../../../core/report';
import { ENVIRONMENT_BUDGET } from '../../../core/shared-budgets';
import { utcMinute } from '../story';
import { listed } from '../words';
import { escaped, html, type Html } from '../../../core/markup';
import { bar } from './bars';
import { capital, numberWord } from './formats';
import { amount, documentOf, table } from './parts';
import type { Verdict } from './verdict';

export interface EnvironmentBudgets {
  readonly environment: string;
  readonly tree: BudgetTree;
}

const HEADS = ['Budget', 'Period', 'Spent', 'Limit', 'Held', 'Left', 'Forecast', 'Remarks', 'Used'];

/** The budgets that callers share, as one file that needs no network. @param now ms since the epoch */
export function budgetsPage(environments: readonly EnvironmentBudgets[], now: number): string {
  return documentOf(
    {
      title: 'Budgets within budgets',
      verdict: verdictOf(environments),
      legend: `As callers had charged them at ${utcMinute(now)}. Amounts in US dollars, periods in UTC. What is within a budget is in its spend too.`,
    },
    html`${environments.map(section)}`,
    'Made by bedrock-spend-guard. This file loads nothing and runs nothing.',
  );
}

/** Names the budgets with nothing left, or of which nobody knows. */
function verdictOf(environments: readonly EnvironmentBudgets[]): Verdict {
  const all = environments.flatMap(({ environment, tree }) =>
    tree.budgets.map((stand) => ({ stand, name: stand.path === ENVIRONMENT_BUDGET ? environment : stand.path })),
  );
  if (all.length === 0) return { tone: 'warn', sentence: 'No environment could be asked.' };
  const unknown = all.filter(({ stand }) => stand.figures.kind === 'unavailable');
  const over = all.filter(({ stand }) => needsAttention(stand) && stand.figures.kind === 'known');
  const near = all.filter(
    ({ stand: { figures } }) => figures.kind === 'known' && figures.near !== undefined && !figures.over,
  );
  const names = (some: typeof all) =>
    some.length <= 3 ? listed(some.map(({ name }) => name)) : `${numberWord(some.length)} budgets`;
  const parts = [
    ...(unknown.length > 0
      ? [`what ${names(unknown)} ${unknown.length === 1 ? 'has' : 'have'} left is not known`]
      : []),
    ...(over.length > 0 ? [`${names(over)} ${over.length === 1 ? 'is' : 'are'} used up`] : []),
    ...(near.length > 0 ? [`${names(near)} ${near.length === 1 ? 'is' : 'are'} near the end`] : []),
  ];
  if (parts.length === 0) {
    const count = all.length === 1 ? 'The one budget has' : `All ${numberWord(all.length)} budgets have`;
    return { tone: 'good', sentence: `${count} something left.` };
  }
  return { tone: unknown.length + over.length > 0 ? 'bad' : 'warn', sentence: `${capital(parts.join('; '))}.` };
}

function section({ environment, tree }: EnvironmentBudgets): Html {
  const concern = budgetsConcern(tree);
  const orders = budgetOrderLines(tree);
  return html`<section class="part" aria-label="${escaped(environment)}">
    <h2>${escaped(environment)}</h2>
    ${concern === undefined ? html`` : html`<p>${escaped(concern)}</p>`}
    ${table(
      `${environment}: budgets`,
      HEADS,
      tree.budgets.map((stand) => row(stand, environment)),
    )}
    ${
      orders.length === 0
        ? html``
        : html`<ul>
            ${orders.map(({ text }) => html`<li>${escaped(text)}</li>`)}
          </ul>`
    }
  </section>`;
}

function row(stand: BudgetStand, environment: string): readonly Html[] {
  const { path, period, depth, configured, order, figures } = stand;
  const name = escaped(path === ENVIRONMENT_BUDGET ? environment : path);
  const cells = (spent: Html, limit: Html, held: Html, left: Html, forecast: Html, used: Html) => [
    html`<span style="padding-left:${depth}rem">${name}</span>`,
    ...[escaped(period), spent, limit, held, left, forecast],
    escaped(budgetNote(stand)),
    used,
  ];
  const limit = amount(order?.limit ?? configured);
  if (figures.kind === 'known') {
    const { spent, held, left, forecast } = figures;
    const expected = amount(forecast.kind === 'known' ? forecast.amount : undefined);
    return cells(amount(spent), amount(figures.limit), amount(held), amount(left), expected, usedBar(stand));
  }
  const none = figures.kind === 'unused' ? escaped('-') : amount(undefined);
  return cells(none, limit, none, none, none, html``);
}

function usedBar({ figures }: BudgetStand): Html {
  if (figures.kind !== 'known') return html``;
  const { spent, limit, over, near } = figures;
  return bar({ value: spent, most: limit, className: over ? 'bad' : near === undefined ? 'good' : 'warn' });
}
