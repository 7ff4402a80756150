import { GetAccessKeyLastUsedCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import type { AccessKeysPort } from '../../../core/health';
import { allPages } from '../pages';
import { calling } from '../service-error';

export function iamAccessKeys(client = new IAMClient({})): AccessKeysPort {
  return {
    async keysOf(userName, signal) {
      const metadata = await allPages(async (marker) => {
        const page = await calling(() =>
          client.send(new ListAccessKeysCommand({ UserName: userName, Marker: marker }), { abortSignal: signal }),
        );
        return { items: page.AccessKeyMetadata ?? [], next: page.IsTruncated ? page.Marker : undefined };
      });
      return metadata.flatMap(({ AccessKeyId, CreateDate, Status }) =>
        // IAM always gives all three; without them there is nothing to judge.
        AccessKeyId && CreateDate
          ? [{ id: AccessKeyId, createdAtMs: CreateDate.getTime(), active: Status === 'Active' }]
          : [],
      );
    },

    async lastUse(keyId, signal) {
      const { AccessKeyLastUsed } = await calling(() =>
        client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId }), { abortSignal: signal }),
      );
      const { LastUsedDate, ServiceName } = AccessKeyLastUsed ?? {};
      // A key that was never used has no date, and `N/A` for a service.
      return LastUsedDate ? { atMs: LastUsedDate.getTime(), ...(ServiceName ? { service: ServiceName } : {}) } : {};
    },
  };
}
