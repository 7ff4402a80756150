import { IAMClient, ListEntitiesForPolicyCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { RESERVED_PATH } from '../../../core/enforcement';
import type { PermissionSetRolesPort } from '../../../core/health';
import { ServiceError } from '../../../core/errors';
import { allPages } from '../pages';
import { calling } from '../service-error';

interface RolesPage {
  readonly roles: readonly { readonly RoleName?: string | undefined }[] | undefined;
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

export function iamPermissionSetRoles(client = new IAMClient({})): PermissionSetRolesPort {
  return {
    roles: (signal) =>
      namesOf(async (Marker) => {
        const page = await client.send(new ListRolesCommand({ PathPrefix: RESERVED_PATH, Marker }), {
          abortSignal: signal,
        });
        return { ...page, roles: page.Roles };
      }),

    async rolesWith(PolicyArn, signal) {
      const reserved = { EntityFilter: 'Role', PathPrefix: RESERVED_PATH } as const;
      try {
        return await namesOf(async (Marker) => {
          const command = new ListEntitiesForPolicyCommand({ PolicyArn, ...reserved, Marker });
          const page = await client.send(command, { abortSignal: signal });
          return { ...page, roles: page.PolicyRoles };
        });
      } catch (error) {
        if (error instanceof ServiceError && error.refusal === 'notFound') return [];
        throw error;
      }
    },
  };
}

async function namesOf(ask: (marker: string | undefined) => Promise<RolesPage>): Promise<readonly string[]> {
  return allPages(async (marker) => {
    const { roles = [], IsTruncated, Marker } = await calling(() => ask(marker));
    return { items: roles.flatMap(({ RoleName }) => RoleName ?? []), next: IsTruncated ? Marker : undefined };
  });
}
