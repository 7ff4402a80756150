import { CfnOutput, Fn, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type EnvironmentConfig, loadGuard, ONE_CLICK, ONE_CLICK_MODELS, oneClickGuard, stackName } from '../config';
import { formatUsd } from '../core/money';
import { ENVIRONMENT_TAG } from '../core/tags';
import { EnvironmentGuard } from './environment-guard';
import { makeOnlyIf } from './late-values';
import { OneClickParameters, type ParameterName } from './one-click-parameters';
import { type CodeAsset, OwnBucketSynthesizer } from './own-bucket-synthesizer';

export interface OneClickStackProps {
  /** Where it is deployed to: a function's code must lie in its Region, and models differ. */
  readonly region: string;
  /** What AssetBucket is where nobody says. @default - it must be given */
  readonly bucket?: string;
  /** What AssetPrefix is where nobody says. */
  readonly prefix: string;
  /** Milliseconds since the epoch: a model that has ended by then is refused. */
  readonly now: number;
}

/** The guard of an account for whoever has a console and no CDK: what a person decides is a parameter of the template. */
export class OneClickStack extends Stack {
  /** The folders whose zips the template asks for. */
  readonly assets: readonly CodeAsset[];
  readonly configuration: EnvironmentConfig;
  /** Ids of models that cannot be called from the Region, or whose price there is not known. */
  readonly leftOut: readonly string[];

  /** @throws ConfigError where the Region lacks what the guard is made of, or every model */
  constructor(scope: Construct, id: string, { region, bucket, prefix, now }: OneClickStackProps) {
    const synthesizer = new OwnBucketSynthesizer({
      bucket: Fn.ref('AssetBucket' satisfies ParameterName),
      prefix: Fn.ref('AssetPrefix' satisfies ParameterName),
    });
    const configured = configurationOf(region, now);
    super(scope, id, {
      stackName: stackName(ONE_CLICK),
      description: descriptionOf(configured),
      env: { region },
      synthesizer,
      analyticsReporting: false,
    });
    Tags.of(this).add(ENVIRONMENT_TAG, ONE_CLICK);
    const { values, email, hubBusArn, hasHub } = new OneClickParameters(this, 'Parameters', {
      defaults: { AssetPrefix: prefix, ...(bucket === undefined ? {} : { AssetBucket: bucket }) },
    });
    // Whoever in the account an administrator lets assume it; the stop is on the role itself.
    const whoeverMay = `arn:${this.partition}:iam::${this.account}:root`;
    this.configuration = {
      ...configured,
      owner: email,
      budgetOwner: email,
      assumableBy: { principals: [whoeverMay] },
      organizationHub: { busArn: hubBusArn },
    };
    const there = new Set(configured.models.map(({ route }) => route.modelId));
    this.leftOut = ONE_CLICK_MODELS.filter((model) => !there.has(model));
    new EnvironmentGuard(this, 'Default', { environment: this.configuration, values });
    this.assets = synthesizer.assets;
    new CfnOutput(this, 'NextSteps', {
      value:
        'Confirm the subscription that AWS has mailed. Let applications run as the roles, users and groups that you named, or assume InvokerRoleArn. Attach and detach no policy of this stack by hand.',
      description: 'What to do now',
    });
    const hub = new CfnOutput(this, 'Hub', {
      value: hubBusArn,
      description: 'The event bus that hears of this account',
    });
    makeOnlyIf(hasHub, hub);
  }
}

function configurationOf(region: string, now: number): EnvironmentConfig {
  const [configured] = loadGuard(oneClickGuard(region), now, 'config/one-click.ts').environments;
  if (configured === undefined) throw new Error('config/one-click.ts has no environment');
  return configured;
}

function descriptionOf({ region, meter: { overshoot } }: EnvironmentConfig): string {
  const { known, minutes } = overshoot;
  const beyond =
    known === 'unknown'
      ? 'How much may be spent before a stop holds is not known: no quota is'
      : `Before a stop holds, ${formatUsd(known.amount)} more may be spent where the quotas of its models are used in full for ${minutes} minutes (estimate)`;
  return `Spend guard for Amazon Bedrock in ${region}: one an account. Meters tokens each minute, tells people, and denies models at a monthly limit. ${beyond}. docs/one-click.md`;
}
