import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetPolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import { ServiceError } from '../../../core/errors';
import { VERIFY_TAG } from '../../../core/tags';
import { IAM_PATH, type Found, type TemporaryRolesPort } from '../../../core/verify';
import { timeout } from '../pace';
import type { Page } from '../pages';
import { allPagesOrRefusal } from '../regional';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;
/** The least that IAM takes for a role, and more than the step needs. */
const SESSION_SECONDS = 3_600;
const OWN_POLICY = 'calls';

export function temporaryRoles(client = new IAMClient({ maxAttempts: 5 })): TemporaryRolesPort {
  const options = () => ({ abortSignal: timeout(REQUEST_MS) });
  const tagged = (runId: string): Tag[] => [{ Key: VERIFY_TAG, Value: runId }];

  return {
    async createRole({ name, trusts, runId }) {
      const { Role } = await calling(() =>
        client.send(
          new CreateRoleCommand({
            RoleName: name,
            Path: IAM_PATH,
            AssumeRolePolicyDocument: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { AWS: trusts }, Action: 'sts:AssumeRole' }],
            }),
            MaxSessionDuration: SESSION_SECONDS,
            Tags: tagged(runId),
          }),
          options(),
        ),
      );
      return arnOf(Role?.Arn, name);
    },

    async allow(RoleName, document) {
      const PolicyDocument = JSON.stringify(document);
      const command = new PutRolePolicyCommand({ RoleName, PolicyName: OWN_POLICY, PolicyDocument });
      await calling(() => client.send(command, options()));
    },

    async createPolicy({ name, document, runId }) {
      const command = new CreatePolicyCommand({
        PolicyName: name,
        Path: IAM_PATH,
        PolicyDocument: JSON.stringify(document),
        Tags: tagged(runId),
      });
      const { Policy } = await calling(() => client.send(command, options()));
      return arnOf(Policy?.Arn, name);
    },

    async attach(PolicyArn, RoleName) {
      await calling(() => client.send(new AttachRolePolicyCommand({ PolicyArn, RoleName }), options()));
    },

    // Neither listing has tags.
    async roles() {
      const names = await pages(async (Marker) => {
        const page = await client.send(new ListRolesCommand({ PathPrefix: IAM_PATH, Marker }), options());
        return { items: (page.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []), next: following(page) };
      });
      return each(names, async (RoleName) => {
        const { Role } = await calling(() => client.send(new GetRoleCommand({ RoleName }), options()));
        return found(RoleName, Role?.Arn, Role?.Tags);
      });
    },

    async policies() {
      const arns = await pages(async (Marker) => {
        const command = new ListPoliciesCommand({ Scope: 'Local', PathPrefix: IAM_PATH, Marker });
        const page = await client.send(command, options());
        return { items: (page.Policies ?? []).flatMap(({ Arn }) => Arn ?? []), next: following(page) };
      });
      return each(arns, async (PolicyArn) => {
        const { Policy } = await calling(() => client.send(new GetPolicyCommand({ PolicyArn }), options()));
        return found(Policy?.PolicyName ?? '', PolicyArn, Policy?.Tags);
      });
    },

    async removeRole(RoleName) {
      await unlessGone(async () => {
        const attached = await pages(async (Marker) => {
          const page = await client.send(new ListAttachedRolePoliciesCommand({ RoleName, Marker }), options());
          return {
            items: (page.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []),
            next: following(page),
          };
        });
        for (const PolicyArn of attached) {
          await unlessGone(() =>
            calling(() => client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }), options())),
          );
        }
        const own = await pages(async (Marker) => {
          const page = await client.send(new ListRolePoliciesCommand({ RoleName, Marker }), options());
          return { items: page.PolicyNames ?? [], next: following(page) };
        });
        for (const PolicyName of own) {
          await unlessGone(() =>
            calling(() => client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }), options())),
          );
        }
        await calling(() => client.send(new DeleteRoleCommand({ RoleName }), options()));
      });
    },

    async removePolicy(PolicyArn) {
      await unlessGone(async () => {
        const versions = await pages(async (Marker) => {
          const page = await client.send(new ListPolicyVersionsCommand({ PolicyArn, Marker }), options());
          return { items: page.Versions ?? [], next: following(page) };
        });
        for (const { VersionId, IsDefaultVersion } of versions) {
          if (IsDefaultVersion === true || VersionId === undefined) continue;
          await unlessGone(() =>
            calling(() => client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }), options())),
          );
        }
        await calling(() => client.send(new DeletePolicyCommand({ PolicyArn }), options()));
      });
    },
  };
}

function arnOf(arn: string | undefined, name: string): string {
  if (arn) return arn;
  throw new ServiceError('other', 'ArnMissing', `${name} was made without an ARN`);
}

function found(name: string, arn: string | undefined, tags: readonly Tag[] = []): Found {
  const runId = tags.find(({ Key }) => Key === VERIFY_TAG)?.Value;
  return { name, arn: arnOf(arn, name), ...(runId === undefined ? {} : { runId }) };
}

function following({ IsTruncated, Marker }: { IsTruncated?: boolean | undefined; Marker?: string | undefined }) {
  return IsTruncated === true ? Marker : undefined;
}

function pages<T>(read: (marker: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> {
  return allPagesOrRefusal((marker) => calling(() => read(marker)));
}

/** Without those that have gone since they were listed. */
async function each(names: readonly string[], look: (name: string) => Promise<Found>): Promise<readonly Found[]> {
  const all: Found[] = [];
  for (const name of names) await unlessGone(async () => void all.push(await look(name)));
  return all;
}

async function unlessGone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ServiceError && error.refusal === 'notFound')) throw error;
  }
}
