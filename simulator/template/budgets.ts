import { usd, type NanoUsd } from '../../core/money';
import type { Resolver } from './resolver';

/** A monthly cost budget with its notifications and actions. */
export interface BudgetSpec {
  readonly name: string;
  readonly limit: NanoUsd;
  readonly covers: (line: BillLine) => boolean;
  /** The names of services that its filter lets through; none where it filters on something else. */
  readonly services: readonly string[];
  readonly notifications: readonly NotificationSpec[];
  readonly actions: readonly ActionSpec[];
}

/** What Cost Management knows of a series of charges. */
export interface BillLine {
  /** SERVICE, such as `Amazon Bedrock`. */
  readonly service: string;
  readonly recordType: string;
  readonly region: string;
  /** Cost-allocation tags. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface NotificationSpec {
  readonly type: 'ACTUAL' | 'FORECASTED';
  /** Of the budget's limit. Notified when spend is above it. */
  readonly atPercent: number;
  readonly subscribers: Subscribers;
}

export interface Subscribers {
  readonly emails: readonly string[];
  readonly topicArns: readonly string[];
}

export interface ActionSpec {
  /** As the template's GetAtt gives it. */
  readonly id: string;
  readonly atPercent: number;
  readonly approval: 'AUTOMATIC' | 'MANUAL';
  readonly policyArn: string;
  /** Names of roles, users and groups. */
  readonly principals: readonly string[];
  readonly subscribers: Subscribers;
}

type Properties = Readonly<Record<string, unknown>>;

/** @throws GuardError TEMPLATE_UNSUPPORTED on a kind of budget, filter or action that the simulator does not know */
export function readBudgets(resolver: Resolver): BudgetSpec[] {
  const actions = resolver.ofType('AWS::Budgets::BudgetsAction').map(([logicalId, { Properties = {} }]) => ({
    budgetName: resolver.text(Properties['BudgetName'], `${logicalId}: BudgetName`),
    action: readAction(resolver, logicalId, resolver.resolve(Properties) as Properties),
  }));
  const budgets = resolver.ofType('AWS::Budgets::Budget').map(([logicalId, resource]): BudgetSpec => {
    const properties = resolver.resolve(resource.Properties) as Properties;
    const budget = properties['Budget'] as Properties;
    const limit = budget['BudgetLimit'] as { Amount: number | string; Unit: string } | undefined;
    if (budget['BudgetType'] !== 'COST' || budget['TimeUnit'] !== 'MONTHLY' || limit?.Unit !== 'USD') {
      throw resolver.unsupported(`${logicalId}: not a monthly cost budget in USD`);
    }
    const older = budget['CostFilters'] ?? budget['CostTypes'];
    if (JSON.stringify(budget['Metrics']) !== '["UnblendedCost"]' || older !== undefined) {
      throw resolver.unsupported(`${logicalId}: Metrics other than UnblendedCost, CostFilters or CostTypes`);
    }
    const name = resolver.physicalName(logicalId);
    const notifications = (properties['NotificationsWithSubscribers'] ?? []) as Properties[];
    return {
      name,
      limit: usd(limit.Amount),
      covers: readFilter(resolver, budget['FilterExpression'] as Properties | undefined),
      services: servicesIn(budget['FilterExpression'] as Properties | undefined),
      notifications: notifications.map((one) => readNotification(resolver, logicalId, one)),
      actions: actions.filter(({ budgetName }) => budgetName === name).map(({ action }) => action),
    };
  });
  const orphan = actions.find(({ budgetName }) => !budgets.some(({ name }) => name === budgetName));
  if (orphan) throw resolver.unsupported(`an action of budget '${orphan.budgetName}', which is not in the stack`);
  return budgets;
}

/** Percentages of the limit only: the guard uses no other, and a wrong unit must not pass as one. */
function readNotification(resolver: Resolver, logicalId: string, one: Properties): NotificationSpec {
  const notification = one['Notification'] as Properties;
  const type = notification['NotificationType'];
  const unit = notification['ThresholdType'] ?? 'PERCENTAGE';
  if (notification['ComparisonOperator'] !== 'GREATER_THAN' || unit !== 'PERCENTAGE') {
    throw resolver.unsupported(`${logicalId}: a notification that is not GREATER_THAN a PERCENTAGE`);
  }
  if (type !== 'ACTUAL' && type !== 'FORECASTED')
    throw resolver.unsupported(`${logicalId}: notification type ${String(type)}`);
  return {
    type,
    atPercent: Number(notification['Threshold']),
    subscribers: readSubscribers(one['Subscribers'], 'SubscriptionType'),
  };
}

/** Attaching an IAM policy at a percentage of actual spend: the one kind of action that the guard has. */
function readAction(resolver: Resolver, logicalId: string, action: Properties): ActionSpec {
  const threshold = action['ActionThreshold'] as Properties | undefined;
  const definition = (action['Definition'] as Properties | undefined)?.['IamActionDefinition'] as
    Properties | undefined;
  const approval = action['ApprovalModel'];
  if (threshold?.['Type'] !== 'PERCENTAGE' || action['NotificationType'] !== 'ACTUAL' || !definition) {
    throw resolver.unsupported(`${logicalId}: an action other than an IAM policy at a PERCENTAGE of ACTUAL spend`);
  }
  if (approval !== 'AUTOMATIC' && approval !== 'MANUAL')
    throw resolver.unsupported(`${logicalId}: ApprovalModel ${String(approval)}`);
  const names = (key: string) => (definition[key] ?? []) as readonly string[];
  return {
    id: resolver.text({ 'Fn::GetAtt': [logicalId, 'ActionId'] }, `${logicalId}.ActionId`),
    atPercent: Number(threshold['Value']),
    approval,
    policyArn: String(definition['PolicyArn']),
    principals: [...names('Roles'), ...names('Users'), ...names('Groups')],
    subscribers: readSubscribers(action['Subscribers'], 'Type'),
  };
}

function readSubscribers(value: unknown, kindKey: string): Subscribers {
  const all = (value ?? []) as readonly Readonly<Record<string, string>>[];
  const addresses = (kind: string) => all.filter((one) => one[kindKey] === kind).map((one) => one['Address'] ?? '');
  return { emails: addresses('EMAIL'), topicArns: addresses('SNS') };
}

/** A budget's FilterExpression as a test of one line of the bill; without one, everything counts. */
function readFilter(resolver: Resolver, expression: Properties | undefined): BudgetSpec['covers'] {
  if (expression === undefined) return () => true;
  const [entry, ...more] = Object.entries(expression);
  if (!entry || more.length > 0) throw resolver.unsupported(`a budget's filter ${JSON.stringify(expression)}`);
  const [operator, operand] = entry;
  const all = () => (operand as Properties[]).map((one) => readFilter(resolver, one));
  switch (operator) {
    case 'And': {
      const parts = all();
      return (line) => parts.every((part) => part(line));
    }
    case 'Or': {
      const parts = all();
      return (line) => parts.some((part) => part(line));
    }
    case 'Not': {
      const part = readFilter(resolver, operand as Properties);
      return (line) => !part(line);
    }
    case 'Tags':
    case 'Dimensions':
      return readValues(resolver, operator, operand as Properties);
    default:
      throw resolver.unsupported(`'${operator}' in a budget's filter`);
  }
}

/** As DescribeBudget would show them, outside of every `Not`. */
function servicesIn(expression: Properties = {}): readonly string[] {
  const parts = [expression['And'], expression['Or']].flatMap((all) => (all ?? []) as Properties[]);
  const own = expression['Dimensions'] as { Key?: string; Values?: readonly string[] } | undefined;
  return [...(own?.Key === 'SERVICE' ? (own.Values ?? []) : []), ...parts.flatMap(servicesIn)];
}

const DIMENSIONS: Readonly<Record<string, (line: BillLine) => string>> = {
  SERVICE: ({ service }) => service,
  RECORD_TYPE: ({ recordType }) => recordType,
  REGION: ({ region }) => region,
};

/** By exact value: that CONTAINS works on a dimension is not verified. */
function readValues(resolver: Resolver, kind: 'Tags' | 'Dimensions', operand: Properties): BudgetSpec['covers'] {
  const key = String(operand['Key']);
  const values = (operand['Values'] ?? []) as readonly string[];
  const options = (operand['MatchOptions'] ?? ['EQUALS']) as readonly string[];
  if (options.some((option) => option !== 'EQUALS'))
    throw resolver.unsupported(`MatchOptions ${options.join(', ')} in a budget's filter`);
  if (kind === 'Tags') return ({ tags }) => tags[key] !== undefined && values.includes(tags[key]);
  const dimension = DIMENSIONS[key];
  if (!dimension) throw resolver.unsupported(`the dimension ${key} in a budget's filter`);
  return (line) => values.includes(dimension(line));
}
