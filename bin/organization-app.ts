import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { loadOrganization, organizationAt } from '../config';
import { membersTemplate, MembersStack, organizationNotes, OrganizationHubStack } from '../lib';

/**
 * The two stacks of an organisation: the hub, and the StackSet that gives every account its guard.
 * @throws ConfigError, GuardError CONTEXT_INVALID
 */
export function organizationOf(app: App, context: unknown, say: (line: string) => void): void {
  const now = Date.now();
  const { input, file } = organizationAt(context);
  const organization = loadOrganization(input, now, file);
  const hubStack = new OrganizationHubStack(app, { organization });
  const template = membersTemplate({
    region: organization.hubRegion,
    folder: path.join(app.outdir, 'members'),
    context: app.node.getAllContext() as Readonly<Record<string, unknown>>,
    now,
  });
  new MembersStack(app, { organization, template, hubStack });
  for (const line of organizationNotes(hubStack, organization, template.billable)) say(line);
  app.synth();
}
