import { Duration, RemovalPolicy, Stack, Stage, Tags, Validations } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FUNCTION_TAG } from '../core/tags';
import type { Settings } from '../core/settings';
import { functionBundle, functionWithSettings } from './bundle';
import { refuseTooManyVariables } from './variables';

export interface GuardFunctionProps {
  /** The folder under `lambda/`, which is also the name in tags, alarms and the runbook. */
  readonly feature: string;
  readonly description: string;
  /** Typed by the feature's env schema, so that a forgotten variable does not compile. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the feature reads beside its variables, from a file in its code: see `splitVariables`. @default - no file */
  readonly settings?: Settings;
  readonly timeout: Duration;
  /** @default 256 MiB */
  readonly memoryMiB?: number;
  /** The most that its role can ever do. @default - none */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * The one wrapper around `lambda.Function`: a role of its own that may write to its own log group and nothing else, a
 * log group with retention that goes with the stack, and the current Node runtime.
 */
export class GuardFunction extends Construct {
  readonly feature: string;
  readonly function: lambda.Function;
  readonly role: iam.Role;
  private readonly variables: Record<string, string>;
  private readonly settings: Settings;

  constructor(scope: Construct, id: string, props: GuardFunctionProps) {
    super(scope, id);
    const { feature, variables, settings } = props;
    refuseTooManyVariables(feature, variables);
    this.feature = feature;
    this.variables = { ...variables };
    this.settings = settings ?? {};
    const logGroup = new logs.LogGroup(this, 'Logs', {
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
      description: `Runs the spend guard's ${feature}`,
      ...(props.permissionsBoundary ? { permissionsBoundary: props.permissionsBoundary } : {}),
    });
    // No CreateLogGroup: a late log line must not bring the group back after the stack was deleted.
    const writeLogs = new iam.PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    this.role.addToPolicy(writeLogs);
    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(
        settings ? functionWithSettings(feature, settings, outdirOf(this)) : functionBundle(feature),
      ),
      environment: { ...variables },
      timeout: props.timeout,
      memorySize: props.memoryMiB ?? 256,
      role: this.role,
      logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
    });
    Tags.of(this.function).add(FUNCTION_TAG, feature);
    Validations.of(this.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(logGroup.node.defaultChild as logs.CfnLogGroup)}.Arn>]`,
      reason:
        'The ARN of a log group ends in :*, which stands for its streams: the function writes to its own group only.',
    });
  }

  /** All that the function is told, by variables and by settings. */
  get told(): Readonly<Record<string, string>> {
    return { ...this.variables, ...this.settings };
  }

  /**
   * Tells the function something that the app has said after the function was made.
   * @param text as it is so far, or as long as it may become
   * @param value of the variable, where that is known at synth only. @default - the text
   * @throws GuardError LIMIT_EXCEEDED
   */
  tellLate(name: string, text: string, value = text): void {
    this.variables[name] = text;
    refuseTooManyVariables(this.feature, this.variables);
    this.function.addEnvironment(name, value);
  }

  /** Sum of runs that ended in an error or a time-out. */
  metricErrors(period: Duration): cloudwatch.Metric {
    return this.function.metricErrors({ period, statistic: 'Sum' });
  }

  /** Sum of runs that Lambda refused for want of concurrency: a runaway can starve the guard (trap 28). */
  metricThrottles(period: Duration): cloudwatch.Metric {
    return this.function.metricThrottles({ period, statistic: 'Sum' });
  }

  metricInvocations(period: Duration): cloudwatch.Metric {
    return this.function.metricInvocations({ period, statistic: 'Sum' });
  }

  /** Lets the function do `actions` on `resources`; for a `*` say why with `acknowledgeWildcard`. */
  allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Readonly<Record<string, unknown>>,
  ): iam.PolicyStatement {
    const statement = new iam.PolicyStatement({
      actions: [...actions],
      resources: [...resources],
      ...(conditions ? { conditions: { ...conditions } } : {}),
    });
    this.role.addToPolicy(statement);
    return statement;
  }

  /** As `allow` on `*`, with the reason that stands beside it in every report of cdk-nag. */
  allowOnAll(actions: readonly string[], reason: string, conditions?: Readonly<Record<string, unknown>>): void {
    this.allow(actions, ['*'], conditions);
    this.acknowledgeWildcard('Resource::*', reason);
  }

  acknowledgeWildcard(finding: string, reason: string): void {
    Validations.of(this.role).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason });
  }
}

/** Where what is synthesized goes. Every stack stands in an app, which has one. */
function outdirOf(scope: Construct): string {
  const stage = Stage.of(scope);
  if (!stage) throw new Error(`${scope.node.path} stands in no app: give its stack an App`);
  return stage.outdir;
}
