import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import example from '../../config/organization-example';
import { loadOrganization, type OrganizationConfig } from '../../config/organization';
import type { OrganizationInput } from '../../config/organization-schema';
import { OrganizationHubStack } from '../../lib/organization-hub-stack';
import { CONTEXT } from './app-context';

const NOW = Date.parse('2026-11-29T00:00:00Z');

/** The shipped example, with some people and with some of its settings changed. */
export function organizationOf(changes: Partial<OrganizationInput> = {}): OrganizationConfig {
  const people = {
    viewers: ['arn:aws:iam::111111111111:role/finance'],
    operators: ['arn:aws:iam::111111111111:role/on-call', 'arn:aws:iam::111111111111:user/admin'],
  };
  return loadOrganization({ ...example, people, ...changes }, NOW);
}

export function hubStackOf(
  organization: OrganizationConfig,
  app = new App({ context: CONTEXT }),
): OrganizationHubStack {
  return new OrganizationHubStack(app, { organization });
}

export function hubTemplateOf(changes: Partial<OrganizationInput> = {}): Template {
  return Template.fromStack(hubStackOf(organizationOf(changes)));
}
