import { GetAccessKeyLastUsedCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { iamAccessKeys } from '../../../../lambda/adapters/iam/access-keys';

const signal = new AbortController().signal;

describe('access keys', () => {
  const iam = mockClient(IAMClient);
  beforeEach(() => iam.reset());

  it('lists a user’s keys over all pages', async () => {
    const key = (id: string, Status: 'Active' | 'Inactive') => ({
      AccessKeyId: id,
      CreateDate: new Date('2026-10-01T00:00:00Z'),
      Status,
    });
    iam
      .on(ListAccessKeysCommand, { UserName: 'u', Marker: undefined })
      .resolves({ AccessKeyMetadata: [key('a', 'Active')], IsTruncated: true, Marker: 'next' })
      .on(ListAccessKeysCommand, { UserName: 'u', Marker: 'next' })
      .resolves({ AccessKeyMetadata: [key('b', 'Inactive')], IsTruncated: false });
    const createdAtMs = Date.parse('2026-10-01T00:00:00Z');
    expect(await iamAccessKeys().keysOf('u', signal)).toEqual([
      { id: 'a', createdAtMs, active: true },
      { id: 'b', createdAtMs, active: false },
    ]);
  });

  it('says when a key was last used; one never used has service N/A and no date', async () => {
    iam
      .on(GetAccessKeyLastUsedCommand)
      .resolves({ AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A', LastUsedDate: undefined } });
    expect(await iamAccessKeys().lastUse('a', signal)).toEqual({});
    iam
      .on(GetAccessKeyLastUsedCommand)
      .resolves({ AccessKeyLastUsed: { ServiceName: 'bedrock', Region: 'us-east-1', LastUsedDate: new Date(5) } });
    expect(await iamAccessKeys().lastUse('a', signal)).toEqual({ atMs: 5, service: 'bedrock' });
  });
});
