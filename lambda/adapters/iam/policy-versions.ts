import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
  type PolicyVersion as IamVersion,
} from '@aws-sdk/client-iam';
import { ServiceError } from '../../../core/errors';
import type { PolicyVersion, PolicyVersionWriterPort } from '../../../core/enforcement';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;

export function iamPolicyVersions(
  policyArn: string,
  client = new IAMClient({ maxAttempts: 5 }),
): PolicyVersionWriterPort {
  const PolicyArn = policyArn;
  // What a version says never changes; one of another policy of this name was made at another time.
  const documents = new Map<string, unknown>();
  const options = () => ({ abortSignal: timeout(REQUEST_MS) });

  const documentOf = async (id: string, createdAt: number): Promise<unknown> => {
    const key = `${id}|${createdAt}`;
    if (!documents.has(key)) {
      const { PolicyVersion: version } = await calling(() =>
        client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: id }), options()),
      );
      if (version?.Document === undefined) {
        // Unknown is not foreign: what is foreign gets deleted.
        throw new ServiceError('other', 'AnswerIncomplete', `IAM told no text of ${id}`);
      }
      documents.set(key, parsed(version.Document));
    }
    return documents.get(key);
  };

  const read = async ({ VersionId, IsDefaultVersion, CreateDate }: IamVersion): Promise<PolicyVersion[]> => {
    if (VersionId === undefined) return [];
    const createdAt = CreateDate?.getTime() ?? 0;
    try {
      const document = await documentOf(VersionId, createdAt);
      return [{ id: VersionId, isDefault: IsDefaultVersion === true, createdAt, document }];
    } catch (error) {
      // Deleted since it was listed.
      if (error instanceof ServiceError && error.refusal === 'notFound') return [];
      throw error;
    }
  };

  return {
    async list() {
      try {
        const versions = await allPages(async (marker) => {
          const page = await calling(() =>
            client.send(new ListPolicyVersionsCommand({ PolicyArn, Marker: marker }), options()),
          );
          return { items: page.Versions ?? [], next: page.IsTruncated ? page.Marker : undefined };
        });
        return (await Promise.all(versions.map(read))).flat();
      } catch (error) {
        if (error instanceof ServiceError && error.refusal === 'notFound') return [];
        throw error;
      }
    },

    async setDefault(id) {
      await calling(() => client.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: id }), options()));
    },

    async create(document) {
      const PolicyDocument = JSON.stringify(document);
      await calling(() => client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }), options()));
    },

    async remove(id) {
      try {
        await calling(() => client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: id }), options()));
      } catch (error) {
        if (!(error instanceof ServiceError && error.refusal === 'notFound')) throw error;
      }
    },
  };
}

/** As IAM gives it, URL-encoded; a text that is no JSON stands for itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text));
  } catch {
    return text;
  }
}
