/** A statement of a policy in a template, to be read or changed. */
export interface TemplateStatement {
  Sid?: string;
  Effect: string;
  Action?: string | string[];
  NotAction?: unknown;
  Resource?: unknown;
  Principal?: { Service?: unknown; [name: string]: unknown } | string;
  Condition?: Record<string, Record<string, unknown>>;
}

export interface TemplatePolicy {
  Statement: [TemplateStatement, ...TemplateStatement[]];
}

/** Properties of a resource. A type of resource has some of those that tests read into; all others are unknown. */
export interface TemplateProperties {
  [name: string]: unknown;
  ActionThreshold: { Value: number };
  AssumeRolePolicyDocument: TemplatePolicy;
  Budget: {
    BudgetName: string;
    BudgetLimit: { Amount: number };
    Metrics: string[];
    FilterExpression: { And: { Dimensions?: { Key: string }; [name: string]: unknown }[] };
  };
  Code: { S3Key: string };
  DashboardBody: { 'Fn::Join': [string, unknown[]] };
  DestinationConfig?: { OnFailure: { Destination: { 'Fn::GetAtt': [string, string] } } };
  Definition: { IamActionDefinition: unknown };
  Environment: { Variables: Record<string, unknown> };
  EvaluationPeriods: number;
  FunctionName: { Ref: string };
  KeySchema: [{ AttributeName: string }];
  LoggingConfig: { LogGroup: { Ref: string } };
  NotificationsWithSubscribers: {
    Notification: { NotificationType: string; Threshold: number };
    Subscribers: { SubscriptionType: string; Address: unknown }[];
  }[];
  Period: number;
  PolicyDocument: TemplatePolicy;
  Replicas: [{ DeletionProtectionEnabled?: boolean }];
  Role: { 'Fn::GetAtt': [string, string] };
  ScheduleExpression: string;
  Target: { Arn: { 'Fn::GetAtt': [string, string] }; DeadLetterConfig: { Arn: { 'Fn::GetAtt': [string, string] } } };
  Timeout: number;
}

/** Of a resource that a test adds: without what its type does not have. */
export function propertiesOf(given: Readonly<Record<string, unknown>>): TemplateProperties {
  return given as TemplateProperties;
}
