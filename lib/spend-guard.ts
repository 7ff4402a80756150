import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { calledId, ConfigError, type EnvironmentConfig, type Problem } from '../config';
import { GuardError } from '../core/errors';
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, metrics } from '../core/metrics';
import { checkedProps } from './checked-props';
import { ConfiguredGuard } from './configured-guard';
import { EnvironmentGuard } from './environment-guard';
import { onSynthesis } from './guard-synthesis';
import { markGuarded, twiceProblems } from './guards-of-app';
import { findPrincipal, type HeldPrincipal, whyNotHeld, whyNotTrusted } from './held-principal';
import { surfaceOutputs } from './logical-ids';
import { inPropsWords } from './props-words';
import type { SpendGuardProps } from './spend-guard-props';

/** The meter reads every 15 minutes at the latest. */
const SPEND_PERIOD = Duration.minutes(15);

/** Guards what one environment spends on Amazon Bedrock. */
export class SpendGuard extends Construct {
  /** Tells this guard from others of the account: in names, tags, mails and commands. */
  readonly environmentName: string;
  /** May call the guard's models, and nothing else. `grantInvoke` lets others assume it. */
  readonly invokerRole: iam.IRole;
  /** The guard's alerts and alarms: subscribe people here. */
  readonly alertTopic: sns.ITopic;
  private readonly environment: EnvironmentConfig;
  private readonly guard: EnvironmentGuard;

  /** @throws ConfigError that names the construct, and every prop that is wrong */
  constructor(scope: Construct, id: string, props: SpendGuardProps) {
    super(scope, id);
    const { environment, held, trusted, notices, overshootIsOpen } = checkedProps(this, props);
    const twice = twiceProblems(this, environment);
    if (twice.length > 0) throw this.wrong(twice);
    this.environment = environment;
    this.environmentName = environment.name;
    const make = () => new EnvironmentGuard(this, 'Default', { environment });
    // Of a config the words are those of its file.
    const guard = (this.guard = props instanceof ConfiguredGuard ? make() : this.inOwnWords(make));
    this.invokerRole = guard.invoker.role;
    this.alertTopic = guard.alerts.topic;
    for (const principal of held) this.holdOne(principal);
    for (const arn of trusted) guard.invoker.trustArn(arn);
    surfaceOutputs(guard);
    onSynthesis(markGuarded(this, environment), { guard, notices, overshootIsOpen });
  }

  /**
   * Lets a stop reach one more role, user or group, or what has a role; until synth.
   * @throws ConfigError on what no policy of this account can be attached to
   */
  hold(principal: iam.IGrantable): void {
    const found = findPrincipal(this, principal);
    if (found.kind === 'refused') throw this.wrong([{ path: 'hold', text: found.why }]);
    const others = this.guard.principals.namesOf(found.principal.kind).length;
    const why = whyNotHeld(found.principal, this.environment, others);
    if (why !== undefined) throw this.wrong([{ path: 'hold', text: why }]);
    this.holdOne(found.principal);
  }

  /**
   * Lets a role or user, or what has a role, assume the invoker role, which calls the models: trusts it, and gives it the permission.
   * @throws ConfigError on a group, a service or a whole account
   */
  grantInvoke(grantee: iam.IGrantable): iam.Grant {
    const why = whyNotTrusted(grantee);
    if (why !== undefined) throw this.wrong([{ path: 'grantInvoke', text: why }]);
    return this.invokerRole.grantAssumeRole(grantee.grantPrincipal);
  }

  /**
   * What callers give Bedrock as `modelId` to call one of the models: the guard's own profile, where it has some.
   * @param model as it is named in `models` or `largeModels`
   * @throws ConfigError where it is none of them
   */
  modelId(model: string): string {
    const { models } = this.environment;
    const found = models.find(({ id, replaces, route }) => [id, replaces, calledId(route)].includes(model));
    if (found) return this.guard.profiles?.arnOf(found) ?? calledId(found.route);
    const known = models.map(({ id }) => id).join(', ');
    throw this.wrong([{ path: 'modelId', text: `must be one of ${known}, got '${model}'` }]);
  }

  /** US dollars of the month so far, by the meter. Sent from the first call of this on, at $0.30 a month past the account's tenth. */
  metricSpend(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    this.guard.spendMeter.send(metrics.meterMonthToDateUsd);
    return new cloudwatch.Metric({
      statistic: 'Maximum',
      period: SPEND_PERIOD,
      label: `${this.environmentName}: month so far, $`,
      ...options,
      namespace: METRIC_NAMESPACE,
      metricName: metrics.meterMonthToDateUsd.name,
      dimensionsMap: { [ENVIRONMENT_DIMENSION]: this.environmentName },
    });
  }

  private holdOne(principal: HeldPrincipal): void {
    this.inOwnWords(() => this.guard.principals.hold(principal));
  }

  private wrong(problems: readonly Problem[]): ConfigError {
    return new ConfigError(
      problems.map(({ path, text }) => ({ path: `${this.node.path}: ${path}`, text })),
      'SpendGuard',
    );
  }

  /** What the guard's parts find too large is said of this construct, and not of the file that they know. */
  private inOwnWords<Made>(make: () => Made): Made {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof GuardError)) throw error;
      throw new GuardError(error.code, `${this.node.path}: ${inPropsWords(error.message)}`, { cause: error });
    }
  }
}
