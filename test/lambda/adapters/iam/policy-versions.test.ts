import {
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { stateOf, switchDocument } from '../../../../core/enforcement/switch-document';
import { iamPolicyVersions } from '../../../../lambda/adapters/iam/policy-versions';
import { sha256 } from '../../../../lambda/digest';

const client = mockClient(IAMClient);
const PolicyArn = 'arn:aws:iam::111122223333:policy/spend-guard/spend-guard-switch-dev';
const STOP = switchDocument('stopped', { partition: 'aws', account: '111122223333', smallModels: [] }, sha256);

let port: ReturnType<typeof iamPolicyVersions>;
beforeEach(() => {
  client.reset();
  port = iamPolicyVersions(PolicyArn, client as unknown as IAMClient);
});

const refusal = (name: string, httpStatusCode = 409) =>
  Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });
/** By RFC 3986, as IAM gives it: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html (2026-11) */
const told = (document: unknown) => ({ PolicyVersion: { Document: encodeURIComponent(JSON.stringify(document)) } });
const at = (second: number) => new Date(second * 1000);
const listed = (...Versions: { VersionId: string; IsDefaultVersion?: boolean; CreateDate?: Date }[]) =>
  client.on(ListPolicyVersionsCommand).resolves({ Versions, IsTruncated: false });

describe('the versions', () => {
  test('over all pages, each with its text as it was written', async () => {
    client
      .on(ListPolicyVersionsCommand)
      .resolvesOnce({
        Versions: [{ VersionId: 'v9', IsDefaultVersion: true, CreateDate: at(9) }],
        IsTruncated: true,
        Marker: 'm',
      })
      .resolvesOnce({
        Versions: [{ VersionId: 'v3', IsDefaultVersion: false, CreateDate: at(3) }],
        IsTruncated: false,
      });
    client.on(GetPolicyVersionCommand, { PolicyArn, VersionId: 'v9' }).resolves(told(STOP));
    client.on(GetPolicyVersionCommand, { PolicyArn, VersionId: 'v3' }).resolves(told({ Statement: 'a+b %20 ü' }));
    const versions = await port.list();
    expect(versions).toEqual([
      { id: 'v9', isDefault: true, createdAt: 9000, document: JSON.parse(JSON.stringify(STOP)) },
      { id: 'v3', isDefault: false, createdAt: 3000, document: { Statement: 'a+b %20 ü' } },
    ]);
    expect(stateOf(versions[0]!.document, sha256)).toBe('stopped');
    expect(client.commandCalls(ListPolicyVersionsCommand).map(({ args }) => args[0].input)).toEqual([
      { PolicyArn, Marker: undefined },
      { PolicyArn, Marker: 'm' },
    ]);
  });

  test('what one says never changes: it is asked for once; whether it is in effect is, each time', async () => {
    client.on(GetPolicyVersionCommand).resolves(told(STOP));
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(1) });
    await port.list();
    listed({ VersionId: 'v1', IsDefaultVersion: false, CreateDate: at(1) });
    expect((await port.list())[0]?.isDefault).toBe(false);
    expect(client.commandCalls(GetPolicyVersionCommand)).toHaveLength(1);
  });

  test('one of the same number and another time is of another policy of this name, and asked for', async () => {
    client.on(GetPolicyVersionCommand).resolvesOnce(told(STOP)).resolvesOnce(told({}));
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(1) });
    await port.list();
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(2) });
    expect((await port.list())[0]?.document).toEqual({});
  });

  test('one that is deleted while it is looked at is not there', async () => {
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(1) }, { VersionId: 'v2', CreateDate: at(2) });
    client.on(GetPolicyVersionCommand, { VersionId: 'v1' }).resolves(told(STOP));
    client.on(GetPolicyVersionCommand, { VersionId: 'v2' }).rejects(refusal('NoSuchEntityException', 404));
    expect((await port.list()).map(({ id }) => id)).toEqual(['v1']);
  });

  test('one whose text is not told is not taken for one with another text, which would be deleted', async () => {
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(1) });
    client.on(GetPolicyVersionCommand).resolvesOnce({ PolicyVersion: {} }).resolvesOnce({}).resolves(told(STOP));
    for (const _ of [1, 2])
      await expect(port.list()).rejects.toMatchObject({ name: 'ServiceError', errorName: 'AnswerIncomplete' });
    expect((await port.list())[0]?.document).toEqual(JSON.parse(JSON.stringify(STOP)));
  });

  test.each(['no json', '%E0%A4%A'])('a text that cannot be read is nobody’s: %s', async (Document) => {
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(1) });
    client.on(GetPolicyVersionCommand).resolves({ PolicyVersion: { Document } });
    const [version] = await port.list();
    expect(version?.document).toBe(Document);
    expect(stateOf(version?.document, sha256)).toBeUndefined();
  });

  test('a policy that is gone has none; any other refusal is an error, of the listing and of a text', async () => {
    client.on(ListPolicyVersionsCommand).rejects(refusal('NoSuchEntityException', 404));
    expect(await port.list()).toEqual([]);
    client.on(ListPolicyVersionsCommand).rejects(refusal('AccessDenied', 403));
    await expect(port.list()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'accessDenied' });
    listed({ VersionId: 'v1', IsDefaultVersion: true, CreateDate: at(1) });
    client.on(GetPolicyVersionCommand).rejects(refusal('Throttling', 400));
    await expect(port.list()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
  });

  test('a repeating marker is an error, not an endless loop', async () => {
    client.on(ListPolicyVersionsCommand).resolves({ IsTruncated: true, Marker: 'm' });
    await expect(port.list()).rejects.toMatchObject({ code: 'PAGE_TOKEN_REPEATED' });
  });
});

test('one call puts a version in effect', async () => {
  client.on(SetDefaultPolicyVersionCommand).resolvesOnce({}).rejectsOnce(refusal('NoSuchEntityException', 404));
  await port.setDefault('v3');
  expect(client.calls().map(({ args }) => args[0].input)).toEqual([{ PolicyArn, VersionId: 'v3' }]);
  await expect(port.setDefault('v3')).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
});

test('a version is written and never put in effect by it: a deploy in mid-stop would open', async () => {
  client.on(CreatePolicyVersionCommand).resolvesOnce({}).rejectsOnce(refusal('LimitExceededException'));
  await port.create(STOP);
  expect(client.calls()[0]!.args[0].input).toEqual({ PolicyArn, PolicyDocument: JSON.stringify(STOP) });
  await expect(port.create(STOP)).rejects.toMatchObject({ name: 'ServiceError', errorName: 'LimitExceededException' });
});

test('a version is deleted; one that is gone was deleted already, one in effect is a refusal', async () => {
  client
    .on(DeletePolicyVersionCommand)
    .resolvesOnce({})
    .rejectsOnce(refusal('NoSuchEntityException', 404))
    .rejectsOnce(refusal('DeleteConflictException'));
  for (const _ of [1, 2]) await port.remove('v2');
  expect(client.calls()[0]!.args[0].input).toEqual({ PolicyArn, VersionId: 'v2' });
  await expect(port.remove('v2')).rejects.toMatchObject({ name: 'ServiceError', errorName: 'DeleteConflictException' });
});
