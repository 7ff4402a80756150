import type { AllAttachmentsPort, Principal } from '../../../core/enforcement/ports';
import { contract } from './contract';

export interface AttachmentsSubject {
  readonly port: AllAttachmentsPort;
  /** A managed policy that exists, attached to nobody. */
  readonly policy: () => Promise<string>;
  /** Exists, without policies. @param name @default - one of its own */
  readonly principal: (kind: Principal['kind'], name?: string) => Promise<Principal>;
  /** Every later change is refused as IAM refuses too many at once. */
  readonly throttle: () => Promise<void>;
}

const KINDS = ['role', 'user', 'group'] as const;
/** What IAM attaches to a role, user or group unless its quota was raised: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11). */
const QUOTA = 10;
const GONE: readonly Principal[] = KINDS.map((kind) => ({ kind, name: 'nobody-of-this-name' }));

export const attachmentsContract = contract<AttachmentsSubject>(
  'attachments',
  [
    ...KINDS.map((kind) => ({
      name: `trap 22: a ${kind} is attached, listed, and detached`,
      async run({ port, policy, principal }: AttachmentsSubject) {
        const [meter, large, app] = [await policy(), await policy(), await principal(kind)];
        expect(await port.attachedTo(meter)).toEqual([]);
        expect(await port.attach(meter, app)).toEqual({ kind: 'done' });
        expect(await port.attachedTo(meter)).toEqual([app]);
        expect(await port.attachedTo(large)).toEqual([]);
        expect(await port.detach(meter, app)).toEqual({ kind: 'done' });
        expect(await port.attachedTo(meter)).toEqual([]);
      },
    })),
    {
      name: 'the same name as role, user and group is three principals',
      async run({ port, policy, principal }) {
        const meter = await policy();
        const first = await principal('role');
        const others = [await principal('user', first.name), await principal('group', first.name)];
        for (const one of [first, ...others]) await port.attach(meter, one);
        await port.detach(meter, { kind: 'user', name: first.name });
        expect((await port.attachedTo(meter)).map(({ kind }) => kind).sort()).toEqual(['group', 'role']);
      },
    },
    {
      name: 'attaching twice changes nothing; detaching twice is told',
      async run({ port, policy, principal }) {
        const [meter, app] = [await policy(), await principal('role')];
        for (const _ of [1, 2]) expect(await port.attach(meter, app)).toEqual({ kind: 'done' });
        expect(await port.attachedTo(meter)).toEqual([app]);
        expect(await port.detach(meter, app)).toEqual({ kind: 'done' });
        expect(await port.detach(meter, app)).toEqual({ kind: 'unchanged' });
      },
    },
    {
      name: 'nobody is attached who does not exist, by IAM’s name for it; detaching them is done already',
      async run({ port, policy }) {
        const meter = await policy();
        for (const nobody of GONE) {
          expect(await port.attach(meter, nobody)).toEqual({ kind: 'failed', why: 'NoSuchEntityException' });
          expect(await port.detach(meter, nobody)).toEqual({ kind: 'unchanged' });
        }
        expect(await port.attachedTo(meter)).toEqual([]);
      },
    },
    {
      name: 'a policy that does not exist is attached to nobody, and detached from everybody',
      async run({ port, policy, principal }) {
        const [gone, app] = [`${await policy()}-gone`, await principal('role')];
        expect(await port.attachedTo(gone)).toEqual([]);
        expect(await port.detach(gone, app)).toEqual({ kind: 'unchanged' });
      },
    },
    {
      name: 'a policy that does not exist cannot be attached',
      async run({ port, policy, principal }) {
        const [gone, app] = [`${await policy()}-gone`, await principal('role')];
        expect(await port.attach(gone, app)).toEqual({ kind: 'failed', why: 'NoSuchEntityException' });
      },
    },
    ...KINDS.map((kind) => ({
      name: `trap 35: a ${kind} takes its tenth policy and no eleventh, also one it had before`,
      async run({ port, policy, principal }: AttachmentsSubject) {
        const app = await principal(kind);
        const policies = await Promise.all(Array.from({ length: QUOTA + 1 }, () => policy()));
        const [first = '', eleventh = ''] = [policies[0], policies[QUOTA]];
        for (const each of policies.slice(0, QUOTA)) expect(await port.attach(each, app)).toEqual({ kind: 'done' });
        expect(await port.attach(eleventh, app)).toEqual({ kind: 'failed', why: 'LimitExceededException' });
        expect(await port.attachedTo(eleventh)).toEqual([]);
        expect(await port.attach(first, app)).toEqual({ kind: 'done' });
        await port.detach(first, app);
        expect(await port.attach(eleventh, app)).toEqual({ kind: 'done' });
      },
    })),
    {
      name: 'trap 41: a role of IAM Identity Center cannot be changed',
      async run({ port, policy, principal }) {
        const [meter, reserved] = [await policy(), await principal('role', `AWSReservedSSO_Admin_${Date.now()}`)];
        const refused = { kind: 'failed', why: 'UnmodifiableEntityException' };
        expect(await port.attach(meter, reserved)).toEqual(refused);
        expect(await port.detach(meter, reserved)).toEqual(refused);
      },
    },
    {
      name: 'more principals than fit on a page are all listed',
      async run({ port, policy, principal }) {
        const meter = await policy();
        const all: Principal[] = [];
        // A page holds 100: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html (2026-11).
        for (let count = 0; count < 101; count += 1) all.push(await principal(KINDS[count % 3] ?? 'role'));
        for (const one of all) await port.attach(meter, one);
        expect(new Set(await port.attachedTo(meter))).toEqual(new Set(all));
      },
    },
    {
      name: 'a change that IAM throttles is told by its name, and not made',
      async run({ port, policy, principal, throttle }) {
        const [meter, app] = [await policy(), await principal('role')];
        await throttle();
        expect(await port.attach(meter, app)).toEqual({
          kind: 'failed',
          why: expect.stringMatching(/^Throttling/),
        });
        expect(await port.attachedTo(meter)).toEqual([]);
      },
    },
  ],
  [
    {
      name: 'who was attached is listed by the very next request',
      async run({ port, policy, principal }) {
        const [meter, app] = [await policy(), await principal('role')];
        const [, listed] = [await port.attach(meter, app), await port.attachedTo(meter)];
        expect(listed).toEqual([app]);
      },
    },
  ],
);
