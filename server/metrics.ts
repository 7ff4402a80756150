import type { BudgetFigures } from '../client/index';
import type { Observed } from './observed';

/** https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md (2026-11) */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** @param budgets undefined: not known at the moment, and so not said */
export function openMetrics(observed: Observed, budgets: readonly BudgetFigures[] | undefined): string {
  const lines = [
    ...family('spend_guard_requests', 'counter', 'Requests by their operation and what became of them.'),
    ...[...observed.requests.values()].map(({ operation, outcome, count }) =>
      sample('spend_guard_requests_total', { operation, outcome }, count),
    ),
    ...family('spend_guard_refusals', 'counter', 'Requests that were refused, by code.'),
    ...[...observed.refusals].map(([code, count]) => sample('spend_guard_refusals_total', { code }, count)),
    ...family('spend_guard_spend_usd', 'counter', 'Charged for requests of this process, in dollars.', 'usd'),
    sample('spend_guard_spend_usd_total', {}, dollars(observed.spent)),
    ...family('spend_guard_in_flight_requests', 'gauge', 'Requests that have not been answered to their end.'),
    sample('spend_guard_in_flight_requests', {}, observed.inFlight),
  ];
  if (observed.table !== 'unknown') {
    lines.push(
      ...family('spend_guard_table_reachable', 'gauge', 'Whether the leases table answered when it was last asked.'),
      sample('spend_guard_table_reachable', {}, observed.table === 'reachable' ? 1 : 0),
    );
  }
  if (budgets) {
    lines.push(
      ...family('spend_guard_budget_remaining_usd', 'gauge', 'What can be reserved of a budget now.', 'usd'),
      ...budgets.map(({ budget, remainingUsd }) =>
        sample('spend_guard_budget_remaining_usd', { budget }, remainingUsd),
      ),
      ...family('spend_guard_budget_limit_usd', 'gauge', 'Of its running period.', 'usd'),
      ...budgets.map(({ budget, limitUsd }) => sample('spend_guard_budget_limit_usd', { budget }, limitUsd)),
    );
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function family(name: string, type: 'counter' | 'gauge', help: string, unit?: string): readonly string[] {
  return [
    `# TYPE ${name} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
  ];
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number | string): string {
  const said = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${said.length === 0 ? '' : `{${said.join(',')}}`} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** With every digit. */
function dollars(nano: number): string {
  const digits = String(nano).padStart(10, '0');
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
