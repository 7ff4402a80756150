import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CostExplorerClient, GetCostAndUsageCommand } from '@aws-sdk/client-cost-explorer';
import {
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ACCOUNT, type Credentials, type Emulator } from '../../../../local/emulator';
import { functionWith, outcome, publishedVersion, roleWith, session, unique, type Rule } from '../support';

const SCALABLE = { ServiceNamespace: 'lambda', ScalableDimension: 'lambda:function:ProvisionedConcurrency' } as const;

const bill = (emulator: Emulator, as?: Credentials) =>
  emulator.client(CostExplorerClient, as).send(
    new GetCostAndUsageCommand({
      TimePeriod: { Start: '2026-11-01', End: '2026-11-02' },
      Granularity: 'MONTHLY',
      Metrics: ['UnblendedCost'],
    }),
  );

export const serviceRules: readonly Rule[] = [
  {
    name: 'Application Auto Scaling keeps what an update leaves out, and wants both capacities of a new target',
    aws: {
      incomplete: 'ValidationException',
      target: { MinCapacity: 0, MaxCapacity: 5, scheduled: true, dynamicIn: false },
    },
    async observe(emulator) {
      const scaling = emulator.client(ApplicationAutoScalingClient);
      const target = { ...SCALABLE, ResourceId: `function:${unique('f')}:live` };
      const incomplete = await outcome(() =>
        scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1 })),
      );
      await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 1, MaxCapacity: 5 }));
      await scaling.send(new RegisterScalableTargetCommand({ ...target, MinCapacity: 0 }));
      const SuspendedState = { ScheduledScalingSuspended: true };
      await scaling.send(new RegisterScalableTargetCommand({ ...target, SuspendedState }));
      const { ScalableTargets } = await scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: 'lambda', ResourceIds: [target.ResourceId] }),
      );
      const { MinCapacity, MaxCapacity, SuspendedState: state } = ScalableTargets![0]!;
      const [scheduled, dynamicIn] = [state?.ScheduledScalingSuspended, state?.DynamicScalingInSuspended];
      return { incomplete, target: { MinCapacity, MaxCapacity, scheduled, dynamicIn } };
    },
  },
  {
    name: 'trap 3: Application Auto Scaling raises provisioned concurrency again, unless its minimum is 0 or it is suspended',
    aws: { raised: 2, suspended: 0, lowered: 0 },
    async observe(emulator) {
      const lambda = emulator.client(LambdaClient);
      const scaling = emulator.client(ApplicationAutoScalingClient);
      const arn = await functionWith(emulator, await roleWith(emulator, []));
      const FunctionName = arn.slice(arn.lastIndexOf(':') + 1);
      const FunctionVersion = await publishedVersion(emulator, FunctionName);
      await lambda.send(new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion }));
      const target = { ...SCALABLE, ResourceId: `function:${FunctionName}:live` };
      const afterDeletion = async (change: object) => {
        await scaling.send(new RegisterScalableTargetCommand({ ...target, ...change }));
        await lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier: 'live' }));
        const listed = await lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName }));
        return listed.ProvisionedConcurrencyConfigs?.[0]?.RequestedProvisionedConcurrentExecutions ?? 0;
      };
      return {
        raised: await afterDeletion({ MinCapacity: 2, MaxCapacity: 4 }),
        suspended: await afterDeletion({ SuspendedState: { DynamicScalingOutSuspended: true } }),
        lowered: await afterDeletion({ MinCapacity: 0, SuspendedState: { DynamicScalingOutSuspended: false } }),
      };
    },
  },
  {
    name: 'Application Auto Scaling pages',
    aws: [2, 1],
    async observe(emulator) {
      const scaling = emulator.client(ApplicationAutoScalingClient);
      const ResourceIds = [1, 2, 3].map(() => `function:${unique('f')}:live`);
      for (const ResourceId of ResourceIds) {
        const target = { ...SCALABLE, ResourceId, MinCapacity: 0, MaxCapacity: 1 };
        await scaling.send(new RegisterScalableTargetCommand(target));
      }
      const sizes = [];
      let NextToken: string | undefined;
      do {
        const page = await scaling.send(
          new DescribeScalableTargetsCommand({ ServiceNamespace: 'lambda', ResourceIds, MaxResults: 2, NextToken }),
        );
        NextToken = page.NextToken;
        sizes.push(page.ScalableTargets?.length);
      } while (NextToken);
      return sizes;
    },
  },
  {
    name: 'Service Quotas pages by what is asked for',
    aws: [['a', 'b'], ['c']],
    async observe(emulator) {
      await emulator.control.quotas(['a', 'b', 'c'].map((QuotaName, index) => ({ QuotaName, Value: index })));
      const pages = [];
      let NextToken: string | undefined;
      do {
        const page = await emulator
          .client(ServiceQuotasClient)
          .send(new ListServiceQuotasCommand({ ServiceCode: 'bedrock', MaxResults: 2, NextToken }));
        NextToken = page.NextToken;
        pages.push(page.Quotas?.map(({ QuotaName }) => QuotaName));
      } while (NextToken);
      return pages;
    },
  },
  {
    name: 'trap 38: Cost Explorer answers with a bill, or with the error that stands for none',
    aws: { bill: 1, none: 'DataUnavailableException' },
    async observe(emulator) {
      const day = { TimePeriod: { Start: '2026-11-01', End: '2026-11-02' }, Total: {}, Groups: [], Estimated: true };
      await emulator.control.costExplorer({ results: [day] });
      const found = (await bill(emulator)).ResultsByTime?.length;
      await emulator.control.costExplorer({ error: { code: 'DataUnavailableException', message: 'not yet' } });
      const none = await outcome(() => bill(emulator));
      await emulator.control.costExplorer({ results: [] });
      return { bill: found, none };
    },
  },
  {
    name: 'each of them needs a permission',
    aws: Array.from({ length: 3 }, () => ({ without: 'AccessDeniedException', with: 'ok' })),
    async observe(emulator) {
      const without = await session(emulator, { Action: 's3:ListBucket' });
      const actions = [
        'ce:GetCostAndUsage',
        'application-autoscaling:DescribeScalableTargets',
        'servicequotas:ListServiceQuotas',
      ];
      const allowed = await session(emulator, { Action: actions });
      const calls = [
        (as: Credentials) => bill(emulator, as),
        (as: Credentials) =>
          emulator
            .client(ApplicationAutoScalingClient, as)
            .send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'lambda' })),
        (as: Credentials) =>
          emulator.client(ServiceQuotasClient, as).send(new ListServiceQuotasCommand({ ServiceCode: 'bedrock' })),
      ];
      return Promise.all(
        calls.map(async (call) => ({
          without: await outcome(() => call(without)),
          with: await outcome(() => call(allowed)),
        })),
      );
    },
  },
  {
    name: 'a scalable target is changed by whom the policy lets, by its namespace and dimension',
    aws: { lambda: 'ok', otherNamespace: 'AccessDeniedException', byName: 'AccessDeniedException' },
    async observe(emulator) {
      const any = `arn:aws:application-autoscaling:us-east-1:${ACCOUNT}:scalable-target/*`;
      const Condition = { StringEquals: { 'application-autoscaling:service-namespace': 'lambda' } };
      const Action = 'application-autoscaling:RegisterScalableTarget';
      const [as, byName] = [
        await session(emulator, { Action, Resource: any, Condition }),
        await session(emulator, { Action, Resource: any.replace('*', 'function:f:live') }),
      ];
      const register = (who: Credentials, ServiceNamespace: 'lambda' | 'ecs') =>
        outcome(() =>
          emulator.client(ApplicationAutoScalingClient, who).send(
            new RegisterScalableTargetCommand({
              ServiceNamespace,
              ResourceId: 'function:f:live',
              ScalableDimension: 'lambda:function:ProvisionedConcurrency',
              MinCapacity: 0,
              MaxCapacity: 1,
            }),
          ),
        );
      return {
        lambda: await register(as, 'lambda'),
        otherNamespace: await register(as, 'ecs'),
        byName: await register(byName, 'lambda'),
      };
    },
  },
];
