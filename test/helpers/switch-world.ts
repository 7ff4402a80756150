import { MINUTE_MS, utcMonth } from '../../core/calendar';
import { applyPlan } from '../../core/enforcement/apply';
import { afterActing, beforeActing } from '../../core/enforcement/memory';
import { planEnforcement, type Drift } from '../../core/enforcement/plan';
import { openDocument, stateOf } from '../../core/enforcement/switch-document';
import { GuardError, ServiceError } from '../../core/errors';
import type { Reading } from '../../core/reading';
import type { MeterState } from '../../core/decision/meter-state';
import type { Principal, ResourceResponse } from '../../core/enforcement/ports';
import type { DesiredState } from '../../core/stop-lines/triggers';
import { sha256 } from '../../lambda/digest';
import { principalsOf } from '../../lambda/principals';
import type { SwitchDeps } from '../../lambda/switch/deps';
import { parseSwitchEnv, type SwitchEnv } from '../../lambda/switch/env';
import { makeHandler } from '../../lambda/switch/handler';
import { documentsOf } from '../../lambda/switch/versions';
import { FakeAttachments } from '../../simulator/fakes/attachments';
import { FakeConcurrency } from '../../simulator/fakes/concurrency';
import { FakeConcurrencyState } from '../../simulator/fakes/concurrency-state';
import { FakeMeterState } from '../../simulator/fakes/meter-state';
import { FakePolicyVersions } from '../../simulator/fakes/policy-versions';
import { FakeScaling } from '../../simulator/fakes/scaling';
import { FakeSessions } from '../../simulator/fakes/sessions';
import { FakeTraffic } from '../../simulator/fakes/traffic';
import { Crash, lifeOf, type Life, type Spend } from './switch-scheduled';

export const SWITCH_ARN = 'arn:aws:iam::111122223333:policy/spend-guard/spend-guard-switch-dev';
export const DENY_BILL_ARN = 'arn:aws:iam::111122223333:policy/deny-bill';
export const INVOKER: Principal = { kind: 'role', name: 'invoker' };

/** One deployed release: what it says when degraded, and whom it holds. */
export interface Release {
  readonly smallModels: readonly string[];
  readonly roles: readonly string[];
  readonly users: readonly string[];
}

export function switchVariables({ smallModels, roles, users }: Release) {
  return {
    ENVIRONMENT: 'dev',
    SWITCH_ARN,
    DENY_BILL_ARN,
    PARTITION: 'aws',
    ACCOUNT_ID: '111122223333',
    SMALL_MODELS: JSON.stringify(smallModels),
    INVOKER_ROLE: INVOKER.name,
    PRINCIPALS: JSON.stringify({ roles, users, groups: [] }),
    STATE_TABLE_NAME: 'state',
    KEEPS_STATE: 'false',
    MANAGED_FUNCTIONS: '[]',
    AWS_REGION: 'us-east-1',
  };
}

export interface TickRun {
  readonly life?: Life;
  /** Of the deploy's function, where the tick gives it an order. */
  readonly deployLife?: Life;
  /** What IAM does not tell. */
  readonly unread?: 'versions' | 'holders';
}

/** The switch of an environment, with everybody who has to do with it. What is decided is given: how, is the meter's own test's. */
export class SwitchWorld {
  now = Date.parse('2026-11-10T12:00:00Z');
  readonly policy = new FakePolicyVersions(openDocument(sha256), () => this.now);
  readonly attachments = new FakeAttachments();
  readonly state = new FakeMeterState();
  readonly answers: ResourceResponse[] = [];
  /** In place of what the function would have otherwise. */
  deps: Partial<SwitchDeps> = {};
  want: DesiredState = 'open';
  env: SwitchEnv;

  /**
   * @param turn each request of anybody waits for it
   * @param after looks at what must hold after each side effect
   */
  constructor(
    release: Release,
    private readonly turn: (what: string) => Promise<unknown> = async () => {},
    private readonly after: () => void = () => {},
  ) {
    this.env = parseSwitchEnv(switchVariables(release));
    this.attachments.provision(SWITCH_ARN, INVOKER);
  }

  get principals(): readonly Principal[] {
    return principalsOf(this.env);
  }

  get documents() {
    return documentsOf(this.env, sha256);
  }

  async inEffect(): Promise<DesiredState | undefined> {
    return stateOf((await this.policy.list()).find(({ isDefault }) => isDefault)?.document, sha256);
  }

  release(release: Release): void {
    this.env = parseSwitchEnv(switchVariables(release));
  }

  /** CloudFormation's request. @returns the answer; undefined where the function has crashed */
  async request(RequestType: 'Create' | 'Update' | 'Delete', life?: Life): Promise<ResourceResponse | undefined> {
    const event = {
      RequestType,
      ResponseURL: 'https://cloudformation.example/answer',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'Switch',
    };
    return this.function(event, life);
  }

  /** The deploy's function, which a crash ends. */
  async function(event: object, life: Life = {}): Promise<ResourceResponse | undefined> {
    const spend = lifeOf(life, this.turn);
    const answers: ResourceResponse[] = [];
    const handler = makeHandler(
      {
        ...this.ports(spend),
        meterState: this.state,
        cloudFormation: { respond: (_request, response) => spend('answer', async () => void answers.push(response)) },
        digest: sha256,
        log: () => {},
        sleep: async () => {},
        now: () => this.now,
        traffic: new FakeTraffic(),
        sessions: new FakeSessions(),
        concurrency: new FakeConcurrency(() => this.now),
        state: new FakeConcurrencyState(),
        scaling: new FakeScaling(),
        ...this.deps,
      },
      this.env,
    );
    await handler(event);
    this.answers.push(...answers);
    return answers[0];
  }

  /**
   * A tick of the meter, as its handler has it: claims, plans, acts, and remembers.
   * @returns what it told of; undefined where it was skipped
   */
  async tick({ life = {}, deployLife, unread }: TickRun = {}): Promise<readonly Drift[] | undefined> {
    const spend = lifeOf(life, this.turn);
    const { versions, attachments } = this.ports(spend);
    const before = await this.state.latest(utcMonth(this.now));
    if (before?.closed === true || (before && before.claimedUntil > this.now)) return undefined;
    const enforced = this.want;
    const was = before?.enforcement ?? { pagedOpen: [] };
    const looked = async <T>(what: TickRun['unread'], look: () => Promise<T>): Promise<Reading<T>> =>
      what === unread ? { kind: 'unavailable', why: 'Throttling' } : { kind: 'known', value: await look() };
    const plan = planEnforcement({
      enforced,
      principals: this.principals,
      versions: await looked('versions', () => versions.list()),
      attached: await looked('holders', () => attachments.attachedTo(SWITCH_ARN)),
      before: was,
      digest: sha256,
    });
    const claimed = {
      ...before,
      month: utcMonth(this.now),
      revision: (before?.revision ?? 0) + 1,
      claimedUntil: this.now + MINUTE_MS - 5_000,
      enforcement: beforeActing(was, plan),
    } as MeterState;
    try {
      await this.state.save(claimed, before?.revision ?? 0);
    } catch (error) {
      if (error instanceof GuardError) return undefined;
      throw error;
    }
    const order = (command: 'repair' | 'liftBill') => async () => {
      try {
        await spend(command, async () => void (await this.function({ command }, deployLife)));
      } catch (error) {
        // A crash of the other function is its own.
        if (error instanceof Crash && !spend.isOver()) throw new ServiceError('other', 'Unhandled', 'its log says why');
        throw error;
      }
    };
    const ports = {
      attachments,
      switchVersions: versions,
      switchDeploy: { repair: order('repair'), liftBill: order('liftBill') },
    };
    const applied = await applyPlan(ports, SWITCH_ARN, enforced, plan, sha256);
    if (spend.isOver()) throw new Crash();
    const enforcement = afterActing(claimed.enforcement, plan, applied, enforced, this.now);
    await spend('remember', () =>
      this.state.save({ ...claimed, revision: claimed.revision + 1, claimedUntil: 0, enforcement }, claimed.revision),
    );
    return plan.drift;
  }

  private ports(spend: Spend) {
    const effect = <T>(what: string, make: () => Promise<T>) =>
      spend(what, () => {
        const made = make();
        this.after();
        return made;
      });
    const read = async <T>(what: string, look: () => Promise<T>) => {
      await this.turn(what);
      return look();
    };
    return {
      versions: {
        list: () => read('list', () => this.policy.list()),
        setDefault: (id: string) => effect(`setDefault ${id}`, () => this.policy.setDefault(id)),
        create: (document: unknown) => effect('create', () => this.policy.create(document)),
        remove: (id: string) => effect(`remove ${id}`, () => this.policy.remove(id)),
      },
      attachments: {
        attachedTo: (arn: string) => read('holders', () => this.attachments.attachedTo(arn)),
        attach: (arn: string, one: Principal) => effect(`attach ${one.name}`, () => this.attachments.attach(arn, one)),
        detach: (arn: string, one: Principal) => effect(`detach ${one.name}`, () => this.attachments.detach(arn, one)),
      },
    };
  }
}
