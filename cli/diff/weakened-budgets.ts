import type { Resource } from './template';
import { rendered } from './canonical';
import { lostEntries, valueChanges } from './leaves';
import { list } from './statements';
import { LIMIT_A_MONTH, later, raised, weaker, type Weakening } from './weaker';

type Properties = Readonly<Record<string, unknown>>;

/** What of a budget or of its action tells or stops later, or not by itself. */
export function budgetWeaker(id: string, was: Resource, is: Resource): readonly Weakening[] {
  const [before, after] = [was.Properties ?? {}, is.Properties ?? {}];
  if (was.Type === 'AWS::Budgets::Budget') return ofBudget(id, before, after);
  return was.Type === 'AWS::Budgets::BudgetsAction' ? ofAction(id, before, after) : [];
}

function ofBudget(id: string, before: Properties, after: Properties): readonly Weakening[] {
  const [was, is] = [part(before, 'Budget'), part(after, 'Budget')];
  const [limit, now] = [part(was, 'BudgetLimit')['Amount'], part(is, 'BudgetLimit')['Amount']];
  const counted = ['BudgetType', 'TimeUnit', 'CostFilters', 'FilterExpression', 'CostTypes', 'Metrics'].flatMap(
    (name) =>
      valueChanges(was[name], is[name]).length === 0
        ? []
        : weaker(id, name, was[name], is[name], 'it counts something else, which cannot be judged'),
  );
  return [
    ...weaker(id, LIMIT_A_MONTH, limit, now, raised(limit, now)),
    ...counted,
    ...['ACTUAL', 'FORECASTED'].flatMap((type) =>
      later(`${id}: ${type.toLowerCase()} alerts`, alertLines(before, type), alertLines(after, type)),
    ),
    ...fewerTold(id, alertAddresses(before), alertAddresses(after)),
  ];
}

function ofAction(id: string, before: Properties, after: Properties): readonly Weakening[] {
  const [was, is] = [part(before, 'ActionThreshold'), part(after, 'ActionThreshold')];
  const manual =
    before['ApprovalModel'] === 'AUTOMATIC' && after['ApprovalModel'] !== 'AUTOMATIC'
      ? 'a person must approve it'
      : undefined;
  const type =
    before['NotificationType'] === after['NotificationType'] ? undefined : 'by another figure, which cannot be judged';
  return [
    ...weaker(id, 'ApprovalModel', before['ApprovalModel'], after['ApprovalModel'], manual),
    ...weaker(id, 'ActionThreshold', was['Value'], is['Value'], raised(was['Value'], is['Value'])),
    ...weaker(id, 'NotificationType', before['NotificationType'], after['NotificationType'], type),
    ...fewerTold(id, addresses(before['Subscribers']), addresses(after['Subscribers'])),
  ];
}

/** Percent, or dollars, lowest first. */
function alertLines(properties: Properties, type: string): readonly number[] {
  return alerts(properties)
    .map((one) => part(one, 'Notification'))
    .filter(({ NotificationType }) => NotificationType === type)
    .map(({ Threshold }) => Number(Threshold))
    .sort((a, b) => a - b);
}

function alerts(properties: Properties): readonly Properties[] {
  return list(properties['NotificationsWithSubscribers']) as readonly Properties[];
}

function alertAddresses(properties: Properties): readonly string[] {
  return [...new Set(alerts(properties).flatMap(({ Subscribers }) => addresses(Subscribers)))];
}

function addresses(subscribers: unknown): readonly string[] {
  return list(subscribers).map((one) => rendered((one as Properties)['Address'] ?? null));
}

function fewerTold(id: string, before: readonly string[], after: readonly string[]): readonly Weakening[] {
  const lost = lostEntries(before, after).map(rendered).join(', ');
  return weaker(id, 'told', before, after, lost === '' ? undefined : `no longer told: ${lost}`);
}

function part(properties: Properties, name: string): Properties {
  return (properties[name] ?? {}) as Properties;
}
