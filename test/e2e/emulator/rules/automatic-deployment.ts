import {
  CloudFormationClient,
  UpdateStackInstancesCommand,
  UpdateStackSetCommand,
  type DeploymentTargets,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { outcome, unique, type Rule } from '../support';
import {
  createInstances,
  createSet,
  hasTopic,
  lastOperation,
  named,
  REGIONS,
  templateOf,
  topics,
  withAccess,
} from './stack-sets';

export const automaticDeploymentRules: readonly Rule[] = [
  {
    name: 'with automatic deployment an account that joins the unit gets the stack, and one that leaves loses it, or keeps it where that is asked',
    aws: { joined: [true, true], left: false, kept: true, without: [true, false] },
    async observe(emulator) {
      const automatically = async (AutoDeployment: object) => {
        const organization = await withAccess(emulator, 1);
        const name = unique('set');
        await createSet(emulator, name, name, { AutoDeployment });
        await createInstances(emulator, name, { OrganizationalUnitIds: [organization.ouId] });
        const later = await organization.addMember(unique('later'));
        await sleep(300);
        const both = { ...organization, members: [organization.members[0]!, later] };
        const joined = await topics(both, name);
        await organization.ask('MoveAccount', {
          AccountId: later,
          SourceParentId: organization.ouId,
          DestinationParentId: organization.rootId,
        });
        await sleep(300);
        return { joined, left: await hasTopic(organization.in(later), name) };
      };
      const deleted = await automatically({ Enabled: true, RetainStacksOnAccountRemoval: false });
      const retained = await automatically({ Enabled: true, RetainStacksOnAccountRemoval: true });
      const without = await automatically({ Enabled: false });
      return { ...deleted, kept: retained.left, without: without.joined };
    },
  },
  {
    name: 'automatic deployment looks at no account filter, and gives no override; UpdateStackInstances does, which an update of the set leaves alone',
    aws: {
      joined: { own: [false, true], overridden: [true, false] },
      given: { own: [false, false], overridden: [true, true] },
      updated: { own: [false, false], overridden: [true, true] },
      none: 'StackInstanceNotFoundException',
    },
    async observe(emulator) {
      const organization = await withAccess(emulator, 1);
      const cloudFormation = emulator.client(CloudFormationClient);
      const [first] = organization.members as [string];
      const [StackSetName, overridden] = [unique('set'), unique('overridden')];
      await createSet(emulator, StackSetName, StackSetName, { AutoDeployment: { Enabled: true } });
      const targets = (account: string): DeploymentTargets => ({
        OrganizationalUnitIds: [organization.ouId],
        Accounts: [account],
        AccountFilterType: 'INTERSECTION',
      });
      await createInstances(emulator, StackSetName, targets(first), { ParameterOverrides: named(overridden) });
      const later = await organization.addMember(unique('later'));
      await sleep(300);
      const both = { ...organization, members: [first, later] };
      const found = async () => ({
        own: await topics(both, StackSetName),
        overridden: await topics(both, overridden),
      });
      const joined = await found();
      const update = (account: string) =>
        cloudFormation.send(
          new UpdateStackInstancesCommand({
            StackSetName,
            DeploymentTargets: targets(account),
            Regions: REGIONS,
            ParameterOverrides: named(overridden),
          }),
        );
      await update(later);
      await lastOperation(emulator, StackSetName);
      const given = await found();
      const set = { StackSetName, TemplateBody: templateOf(), Parameters: named(StackSetName) };
      await cloudFormation.send(new UpdateStackSetCommand({ ...set, AutoDeployment: { Enabled: true } }));
      await lastOperation(emulator, StackSetName);
      return { joined, given, updated: await found(), none: await outcome(() => update('000000000000')) };
    },
  },
];
