import { budgetNote, budgetOrderLines, budgetsConcern, type BudgetStand, type BudgetTree } from '../../../core/report';
import { ENVIRONMENT_BUDGET } from '../../../core/shared-budgets';
import { utcMinute } from '../story';
import { escaped, html, type Html } from '../../../core/markup';
import { amount, documentOf, table } from './parts';

export interface EnvironmentBudgets {
  readonly environment: string;
  readonly tree: BudgetTree;
}

const HEADS = ['Budget', 'Period', 'Spent', 'Limit', 'Held', 'Left', 'Forecast', 'Remarks'];

/** The budgets that callers share, as one file that needs no network. @param now ms since the epoch */
export function budgetsPage(environments: readonly EnvironmentBudgets[], now: number): string {
  return documentOf('Budgets within budgets', {
    legend: `As callers had charged them at ${utcMinute(now)}. Amounts in US dollars, periods in UTC. What is within a budget is in its spend too.`,
    main: html`${environments.map(section)}`,
    foot: 'Made by bedrock-spend-guard.',
  });
}

function section({ environment, tree }: EnvironmentBudgets): Html {
  const concern = budgetsConcern(tree);
  const orders = budgetOrderLines(tree);
  return html`<section aria-label="${escaped(environment)}">
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
  const cells = (spent: Html, limit: Html, held: Html, left: Html, forecast: Html) => [
    html`<span style="padding-left:${depth}rem">${name}</span>`,
    ...[escaped(period), spent, limit, held, left, forecast],
    escaped(budgetNote(stand)),
  ];
  const limit = amount(order?.limit ?? configured);
  if (figures.kind === 'known') {
    const { spent, held, left, forecast } = figures;
    const expected = amount(forecast.kind === 'known' ? forecast.amount : undefined);
    return cells(amount(spent), amount(figures.limit), amount(held), amount(left), expected);
  }
  const none = figures.kind === 'unused' ? escaped('-') : amount(undefined);
  return cells(none, limit, none, none, none);
}
