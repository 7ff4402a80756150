import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import type { DenyAttachmentsPort, Principal } from '../../core/ports/attachments';
import { IamAttachments } from '../../lambda/adapters/iam-attachments';
import { FakeAttachments } from '../../simulator/fakes/attachments';

const METER = 'arn:aws:iam::111122223333:policy/deny-meter';
const LARGE = 'arn:aws:iam::111122223333:policy/deny-large';
const KINDS = ['role', 'user', 'group'] as const;
/** Has ten policies already. */
const FULL: Principal = { kind: 'role', name: 'full' };

const subjects: readonly (readonly [string, () => DenyAttachmentsPort])[] = [
  [
    'the fake',
    () =>
      new FakeAttachments(undefined, (_policy, { name }) =>
        name === FULL.name ? 'LimitExceededException' : undefined,
      ),
  ],
  ['IAM', () => new IamAttachments(iam())],
];

describe.each(subjects)('%s keeps who has which policy', (_name, make) => {
  test.each(KINDS)('trap 22: a %s is attached, listed, and detached', async (kind) => {
    const port = make();
    const principal = { kind, name: 'app' };
    expect(await port.attachedTo(METER)).toEqual([]);
    expect(await port.attach(METER, principal)).toEqual({ kind: 'done' });
    expect(await port.attachedTo(METER)).toEqual([principal]);
    expect(await port.attachedTo(LARGE)).toEqual([]);
    expect(await port.detach(METER, principal)).toEqual({ kind: 'done' });
    expect(await port.attachedTo(METER)).toEqual([]);
  });

  test('the same name as role, user and group is three principals', async () => {
    const port = make();
    for (const kind of KINDS) await port.attach(METER, { kind, name: 'app' });
    await port.detach(METER, { kind: 'user', name: 'app' });
    expect((await port.attachedTo(METER)).map(({ kind }) => kind).sort()).toEqual(['group', 'role']);
  });

  test('attaching twice changes nothing; detaching twice is told', async () => {
    const port = make();
    const principal: Principal = { kind: 'role', name: 'app' };
    for (const _ of [1, 2]) expect(await port.attach(METER, principal)).toEqual({ kind: 'done' });
    expect(await port.attachedTo(METER)).toHaveLength(1);
    expect(await port.detach(METER, principal)).toEqual({ kind: 'done' });
    expect(await port.detach(METER, principal)).toEqual({ kind: 'unchanged' });
  });

  test('trap 35: one whose ten policies are full is failed by IAM’s name, and stays open', async () => {
    const port = make();
    expect(await port.attach(METER, FULL)).toEqual({ kind: 'failed', why: 'LimitExceededException' });
    expect(await port.attachedTo(METER)).toEqual([]);
  });
});

/** IAM with one entity a page. */
function iam(): IAMClient {
  const attached = new Map<string, string[]>();
  const of = (policy: string) => attached.get(policy) ?? [];
  const refuse = (name: string): never => {
    throw Object.assign(new Error('x'), { name, $metadata: { httpStatusCode: 409 } });
  };
  const client = new IAMClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  const nameOf = ({ RoleName, UserName, GroupName }: any) =>
    RoleName ? `role ${RoleName}` : UserName ? `user ${UserName}` : `group ${GroupName}`;
  for (const Command of [AttachRolePolicyCommand, AttachUserPolicyCommand, AttachGroupPolicyCommand]) {
    mock.on(Command as typeof AttachRolePolicyCommand).callsFake(async ({ PolicyArn, ...principal }) => {
      if (nameOf(principal) === `role ${FULL.name}`) refuse('LimitExceededException');
      attached.set(PolicyArn, [...new Set([...of(PolicyArn), nameOf(principal)])]);
      return {};
    });
  }
  for (const Command of [DetachRolePolicyCommand, DetachUserPolicyCommand, DetachGroupPolicyCommand]) {
    mock.on(Command as typeof DetachRolePolicyCommand).callsFake(async ({ PolicyArn, ...principal }) => {
      if (!of(PolicyArn).includes(nameOf(principal))) refuse('NoSuchEntityException');
      attached.set(
        PolicyArn,
        of(PolicyArn).filter((one) => one !== nameOf(principal)),
      );
      return {};
    });
  }
  mock.on(ListEntitiesForPolicyCommand).callsFake(async ({ PolicyArn, Marker }) => {
    const at = Number(Marker ?? 0);
    const [kind, name] = of(PolicyArn)[at]?.split(' ') ?? [];
    return {
      PolicyRoles: kind === 'role' ? [{ RoleName: name }] : [],
      PolicyUsers: kind === 'user' ? [{ UserName: name }] : [],
      PolicyGroups: kind === 'group' ? [{ GroupName: name }] : [],
      ...(at + 1 < of(PolicyArn).length ? { IsTruncated: true, Marker: String(at + 1) } : { IsTruncated: false }),
    };
  });
  return client;
}
