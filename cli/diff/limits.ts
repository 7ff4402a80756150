import { formatUsd, percentOf, usd, type NanoUsd } from '../../core/money';
import { rendered } from './canonical';
import { featureOf, resourcesOf, type AssemblyStack } from './assembly';
import type { Resource, Template } from './template';
import { LIMIT_A_MONTH } from './weaker';

/** A figure that the guard works with. `undefined`: not there. */
export interface LimitChange {
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

type Functions = Pick<AssemblyStack, 'template' | 'settings'>;
type Properties = Readonly<Record<string, unknown>>;
type Figures = ReadonlyMap<string, string>;

/** Limits and thresholds of AWS Budgets and its action that differ, in dollars too. */
export function limitChanges(base: Template, head: Template): readonly LimitChange[] {
  return compared(budgetFigures(base), budgetFigures(head));
}

/** Settings that the functions get, as variables or beside their code, and that differ: value by value where one holds JSON. */
export function settingChanges(base: Functions, head: Functions): readonly LimitChange[] {
  const changes = compared(functionSettings(base), functionSettings(head));
  // An entry that comes or goes as a whole is one change.
  const whole = changes
    .filter(({ before, after }) => before === LISTED || after === LISTED)
    .map(({ what }) => `${what}.`);
  return changes.filter(({ what }) => !whole.some((entry) => what.startsWith(entry)));
}

function compared(before: Figures, after: Figures): readonly LimitChange[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys
    .map((what) => ({ what, before: before.get(what), after: after.get(what) }))
    .filter((change) => change.before !== change.after)
    .sort((a, b) => a.what.localeCompare(b.what, 'en', { numeric: true }));
}

/** What AWS Budgets counts, whom it tells, and at which line it denies, by words that name the resource. */
function budgetFigures(template: Template): Figures {
  const figures = new Map<string, string>();
  for (const [id, { Properties = {} }] of resourcesOf(template, 'AWS::Budgets::Budget')) {
    const limit = limitOf(Properties);
    figures.set(`${id}: ${LIMIT_A_MONTH}`, limit === undefined ? 'unknown' : formatUsd(limit));
    const notifications = ((Properties['NotificationsWithSubscribers'] ?? []) as readonly Properties[]).map((one) =>
      notificationText(one, limit),
    );
    for (const [what, text] of notifications) figures.set(`${id}: ${what}`, text);
  }
  for (const [id, { Properties = {} }] of resourcesOf(template, 'AWS::Budgets::BudgetsAction')) {
    const threshold = Properties['ActionThreshold'] as Properties | undefined;
    const budget = template.Resources?.[String((Properties['BudgetName'] as Properties | undefined)?.['Ref'])];
    const percent = Number(threshold?.['Value']);
    figures.set(
      `${id}: denies all models at`,
      atText(percent, threshold?.['Type'], budget && limitOf(budget.Properties)),
    );
    figures.set(`${id}: acts`, Properties['ApprovalModel'] === 'AUTOMATIC' ? 'by itself' : 'after a person approves');
  }
  return figures;
}

/** @returns undefined in another currency than USD, or where the amount is no literal */
function limitOf(properties: Resource['Properties']): NanoUsd | undefined {
  const limit = (properties?.['Budget'] as Properties | undefined)?.['BudgetLimit'] as Properties | undefined;
  const amount = limit?.['Amount'];
  if (limit?.['Unit'] !== 'USD' || (typeof amount !== 'number' && typeof amount !== 'string')) return undefined;
  return usd(amount);
}

function notificationText(one: Properties, limit: NanoUsd | undefined): readonly [string, string] {
  const notification = (one['Notification'] ?? {}) as Properties;
  const threshold = Number(notification['Threshold']);
  const kind = notification['NotificationType'] === 'FORECASTED' ? 'forecast alert' : 'alert';
  const subscribers = ((one['Subscribers'] ?? []) as readonly Properties[])
    .filter(({ SubscriptionType }) => SubscriptionType === 'EMAIL')
    .map(({ Address }) => rendered(Address));
  const to = subscribers.length === 0 ? 'nobody' : subscribers.sort().join(', ');
  return [`${kind} at ${threshold}%`, `${atText(threshold, notification['ThresholdType'], limit)}, to ${to}`];
}

function atText(percent: number, type: unknown, limit: NanoUsd | undefined): string {
  if (type === 'ABSOLUTE_VALUE') return `$${percent}`;
  return limit === undefined
    ? `${percent}% of an unknown limit`
    : `${percent}% = ${formatUsd(percentOf(limit, percent))}`;
}

/** `feature: VARIABLE.path` to its value, over all functions of the stack. */
function functionSettings({ template, settings: shipped }: Functions): Figures {
  const settings = new Map<string, string>();
  for (const [id, resource] of resourcesOf(template, 'AWS::Lambda::Function')) {
    const environment = resource.Properties?.['Environment'] as Properties | undefined;
    const variables = Object.entries({ ...(environment?.['Variables'] as Properties), ...shipped.get(id) });
    for (const [name, value] of variables) {
      for (const [path, text] of leaves(name, rendered(value)))
        settings.set(`${featureOf(resource) ?? id}: ${path}`, text);
    }
  }
  return settings;
}

/** A variable that holds JSON is compared value by value; entries of a list go by what identifies them, not by place. */
function leaves(name: string, text: string): readonly (readonly [string, string])[] {
  const json = /^[[{]/.test(text) ? jsonOf(text) : undefined;
  if (json === undefined) return [[name, settingText(name, text)]];
  return [...(LONG.includes(name) ? [[name, LISTED] as const] : []), ...leavesOf(name, json)];
}

function leavesOf(path: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null) return [[path, settingText(path, String(value))]];
  if (!Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(`${path}.${key}`, inner));
  }
  if (isPrice(value)) return [[path, value.map(String).join(', ')]];
  return (value as readonly unknown[]).flatMap((entry) =>
    typeof entry === 'object' && entry !== null
      ? entryLeaves(path, entry as Properties)
      : [[`${path}[${String(entry)}]`, LISTED] as const],
  );
}

/** A tuple of numbers, in which `null` stands for none. */
function isPrice(value: readonly unknown[]): boolean {
  return value.length > 1 && value.every((one) => one === null || typeof one === 'number');
}

/** So long that a reviewer of a new environment is not shown what is in it. */
const LONG = ['PRICES'];
/** What stands for an entry of a list that is there. */
const LISTED = 'listed';
/** Keys that tell an entry of a list from the others, the first that it has. */
const IDENTIFYING = ['id', 'name', 'functionName', 'model', 'modelId'];

function entryLeaves(path: string, entry: Properties): readonly (readonly [string, string])[] {
  const key = IDENTIFYING.map((name) => entry[name]).find((one) => typeof one === 'string');
  if (typeof key === 'string') return [[`${path}[${key}]`, LISTED], ...leavesOf(`${path}[${key}]`, { ...entry })];
  const text = Object.entries(entry)
    .map(([name, value]) => `${name} ${rendered(value)}`)
    .join(', ');
  return [[`${path}[${text}]`, LISTED]];
}

/** Settings that are amounts, by the end of their path: nano-dollars, in whole numbers. */
const AMOUNTS = /(NANO_USD|\.limit)$/;

function settingText(name: string, text: string): string {
  return AMOUNTS.test(name) && /^\d+$/.test(text) ? formatUsd(Number(text) as NanoUsd) : text;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
