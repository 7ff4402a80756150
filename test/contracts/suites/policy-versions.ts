import type { PolicyVersionWriterPort } from '../../../core/enforcement/ports';
import { contract } from './contract';

export interface PolicyVersionsSubject {
  /** Of a managed policy with one version, which says {@link FIRST}. */
  readonly port: PolicyVersionWriterPort;
  /** The policy is deleted, with all of its versions. */
  readonly remove: () => Promise<void>;
  /** Every later request is refused as IAM refuses too many at once. */
  readonly throttle: () => Promise<void>;
}

/** Names actions as they are, in a list and with a text that must be encoded on the way. */
export const FIRST = documentOf('s3:ListBucket');

const QUOTA = 5;
/** A number that no version has. */
const NONE = 'v99';

function documentOf(action: string): object {
  const Resource = ['arn:aws:s3:::a+b%20c', 'arn:aws:s3:::d'];
  return { Version: '2012-10-17', Statement: [{ Sid: 'One', Effect: 'Deny', Action: action, Resource }] };
}

const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListAllMyBuckets', 's3:GetObjectAcl'];
const documents = actions.map(documentOf);

const idsOf = async (port: PolicyVersionWriterPort) => (await port.list()).map(({ id }) => id).sort();
const inEffect = async (port: PolicyVersionWriterPort) =>
  (await port.list()).filter(({ isDefault }) => isDefault).map(({ document }) => document);

async function fill(port: PolicyVersionWriterPort): Promise<void> {
  for (const document of documents.slice(0, QUOTA - 1)) await port.create(document);
}

export const policyVersionsContract = contract<PolicyVersionsSubject>('policy-versions', [
  {
    name: 'the version with which the policy was made is in effect, and is read as it was written',
    async run({ port }) {
      const [only, ...others] = await port.list();
      expect(others).toEqual([]);
      expect(only).toEqual({ id: 'v1', isDefault: true, createdAt: expect.any(Number), document: FIRST });
    },
  },
  {
    name: 'a version that is written is not in effect, until it is put so: for everybody, in one call',
    async run({ port }) {
      await port.create(documents[0]);
      expect(await inEffect(port)).toEqual([FIRST]);
      const written = (await port.list()).find(({ isDefault }) => !isDefault)!;
      expect(written.document).toEqual(documents[0]);
      await port.setDefault(written.id);
      expect(await inEffect(port)).toEqual([documents[0]]);
      await port.setDefault(written.id);
      expect(await inEffect(port)).toEqual([documents[0]]);
    },
  },
  {
    name: 'trap 48: a fifth version is written and no sixth',
    async run({ port }) {
      await fill(port);
      expect(await port.list()).toHaveLength(QUOTA);
      await expect(port.create(documents[4])).rejects.toMatchObject({
        name: 'ServiceError',
        errorName: 'LimitExceededException',
      });
      expect(await port.list()).toHaveLength(QUOTA);
      await port.remove('v3');
      await port.create(documents[4]);
      expect(await port.list()).toHaveLength(QUOTA);
    },
  },
  {
    name: 'trap 48: the version in effect cannot be deleted',
    async run({ port }) {
      await port.create(documents[0]);
      await expect(port.remove('v1')).rejects.toMatchObject({
        name: 'ServiceError',
        errorName: 'DeleteConflictException',
      });
      expect(await idsOf(port)).toEqual(['v1', 'v2']);
      await port.setDefault('v2');
      await port.remove('v1');
      expect(await idsOf(port)).toEqual(['v2']);
    },
  },
  {
    name: 'a number is never used twice',
    async run({ port }) {
      await port.create(documents[0]);
      await port.remove('v2');
      await port.create(documents[1]);
      expect(await idsOf(port)).toEqual(['v1', 'v3']);
    },
  },
  {
    name: 'the same text twice is two versions',
    async run({ port }) {
      for (const _ of [1, 2]) await port.create(documents[0]);
      expect(
        (await port.list()).filter(({ document }) => JSON.stringify(document) === JSON.stringify(documents[0])),
      ).toHaveLength(2);
    },
  },
  {
    name: 'what is written later is not older',
    async run({ port }) {
      await fill(port);
      const byNumber = [...(await port.list())].sort((a, b) => (a.id < b.id ? -1 : 1));
      const times = byNumber.map(({ createdAt }) => createdAt);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    },
  },
  {
    name: 'one that is not there is deleted already, and cannot be put in effect',
    async run({ port }) {
      await expect(port.remove(NONE)).resolves.toBeUndefined();
      await expect(port.setDefault(NONE)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      expect(await inEffect(port)).toEqual([FIRST]);
    },
  },
  {
    name: 'a policy that is gone has no versions, takes none, and has none that could be put in effect',
    async run({ port, remove }) {
      await remove();
      expect(await port.list()).toEqual([]);
      await expect(port.create(documents[0])).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      await expect(port.setDefault('v1')).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
      await expect(port.remove('v1')).resolves.toBeUndefined();
    },
  },
  {
    name: 'a refusal is a ServiceError everywhere, and changes nothing',
    async run({ port, throttle }) {
      await throttle();
      for (const ask of [
        () => port.list(),
        () => port.create(documents[0]),
        () => port.setDefault('v1'),
        () => port.remove(NONE),
      ]) {
        await expect(ask()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      }
    },
  },
]);
