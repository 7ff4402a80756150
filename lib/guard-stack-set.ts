import path from 'node:path';
import { CfnStackSet, FileAssetPackaging, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { AccountConfig, OrganizationConfig } from '../config';
import { type NanoUsd, usd } from '../core/money';
import type { MembersTemplate } from './members-template';

export interface GuardStackSetProps {
  readonly organization: OrganizationConfig;
  readonly template: MembersTemplate;
  /** Where its own stack's files are uploaded to: the stack's synthesizer must name the same. */
  readonly assets: { readonly bucketName: string; readonly prefix: string };
  readonly busArn: string;
}

export const STACK_SET_NAME = 'SpendGuard';

/**
 * A guard in every account of the organisational units, those of tomorrow too. An override reaches whom the units hold at the time of the
 * operation; an account that joins later has the values of the set until the next one, and account filters do not keep it out
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html, read 2026-11-29).
 */
export class GuardStackSet extends Construct {
  readonly stackSet: CfnStackSet;

  constructor(scope: Construct, id: string, { organization, template, assets, busArn }: GuardStackSetProps) {
    super(scope, id);
    const { synthesizer } = Stack.of(this);
    // As the assembly has them: it may be moved before it is deployed.
    const inAssembly = (place: string) => path.relative(Stage.of(this)?.outdir ?? '', place);
    // The names of the objects are those that the template asks for.
    for (const { key, folder } of template.assets) {
      synthesizer.addFileAsset({
        fileName: inAssembly(folder),
        sourceHash: path.parse(key).name,
        packaging: FileAssetPackaging.ZIP_DIRECTORY,
      });
    }
    const { httpUrl: templateUrl } = synthesizer.addFileAsset({
      fileName: inAssembly(template.file),
      sourceHash: template.hash,
      packaging: FileAssetPackaging.FILE,
    });
    const { stackSet, owner, defaultLimit, hubRegion } = organization;
    const { special, groups } = grouped(organization);
    const units = [...stackSet.organizationalUnits];
    const regions = [hubRegion];
    this.stackSet = new CfnStackSet(this, 'StackSet', {
      stackSetName: STACK_SET_NAME,
      description: 'A spend guard in each account',
      permissionModel: 'SERVICE_MANAGED',
      callAs: 'SELF',
      capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
      // Operations that do not meet run at once, the others queue.
      managedExecution: { Active: true },
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      templateUrl,
      parameters: parameters({
        ...limitParameters(defaultLimit, owner),
        Mode: stackSet.mode,
        AccountWide: stackSet.accountWide ? 'yes' : 'no',
        HubBusArn: busArn,
        AssetBucket: assets.bucketName,
        AssetPrefix: assets.prefix,
      }),
      operationPreferences: {
        maxConcurrentPercentage: 25,
        // One account's trouble keeps no other's guard away: the hub names whom it has not heard of.
        failureTolerancePercentage: 100,
        regionConcurrencyType: 'SEQUENTIAL',
      },
      stackInstancesGroup: [
        {
          regions,
          deploymentTargets:
            special.length === 0
              ? { organizationalUnitIds: units }
              : { organizationalUnitIds: units, accountFilterType: 'DIFFERENCE', accounts: special },
        },
        ...groups.map(({ limit, email, accounts }) => ({
          regions,
          deploymentTargets: { organizationalUnitIds: units, accountFilterType: 'INTERSECTION', accounts },
          parameterOverrides: parameters(limitParameters(limit, email)),
        })),
      ],
    });
  }
}

interface Group {
  readonly limit: NanoUsd;
  readonly email: string;
  readonly accounts: string[];
}

/** Accounts whose values are not the set's own, those with the same values together. */
function grouped({ accounts, defaultLimit, owner }: OrganizationConfig): {
  readonly special: string[];
  readonly groups: readonly Group[];
} {
  const groups = new Map<string, Group>();
  const isSpecial = ({ limit, email }: AccountConfig) => limit !== defaultLimit || email !== owner;
  const special = accounts.filter(isSpecial);
  for (const { account, limit, email } of special) {
    const key = JSON.stringify([limit, email]);
    const group = groups.get(key) ?? { limit, email, accounts: [] };
    group.accounts.push(account);
    groups.set(key, group);
  }
  return { special: special.map(({ account }) => account), groups: [...groups.values()] };
}

function limitParameters(limit: NanoUsd, email: string) {
  return { MonthlyLimitUsd: String(limit / usd(1)), Email: email };
}

function parameters(values: Readonly<Record<string, string>>): CfnStackSet.ParameterProperty[] {
  return Object.entries(values).map(([parameterKey, parameterValue]) => ({ parameterKey, parameterValue }));
}
