import type { EnvironmentConfig, ResolvedModel } from '../../config';
import type { GuardStack } from '../template/guard-stack';
import type { DenyPolicy } from '../template/policies';
import { namedByCall } from './calls';

/** What a caller's call is authorised by, whichever way it is made. */
const INVOKE = 'bedrock:InvokeModel';

export interface Attachment {
  readonly environment: string;
  readonly principal: string;
  readonly policy: DenyPolicy;
  readonly fromMs: number;
  /** Absent while it is attached. */
  toMs?: number;
  /** How long it takes to work, and to let go. */
  readonly worksAfterMs: number;
}

/** Which policies are attached to whom, and since when, as IAM would answer; and whom they let through, which comes later. */
export class Attachments {
  readonly history: Attachment[] = [];
  /** Asked every minute, changed a few times a month. By environment. */
  private readonly shares = new Map<string, Map<ResolvedModel, number>>();
  /** By environment: what works is looked at as of then. */
  private readonly settledMs = new Map<string, number>();

  constructor(private readonly environments: ReadonlyMap<string, { config: EnvironmentConfig; stack: GuardStack }>) {}

  /** @returns whether it was not attached before */
  attach(environment: string, policy: DenyPolicy, principal: string, atMs: number, worksAfterMs = 0): boolean {
    if (this.current(environment, principal).some((one) => one.policy.arn === policy.arn)) return false;
    this.history.push({ environment, principal, policy, fromMs: atMs, worksAfterMs });
    this.settle(environment, atMs);
    return true;
  }

  detach(environment: string, policyArn: string, principal: string, atMs: number): boolean {
    const attached = this.current(environment, principal).find((one) => one.policy.arn === policyArn);
    if (attached) attached.toMs = atMs;
    this.settle(environment, atMs);
    return attached !== undefined;
  }

  /** What was attached or detached takes its time: from now on calls are decided by what works at `atMs`. */
  settle(environment: string, atMs: number): void {
    this.settledMs.set(environment, atMs);
    this.shares.delete(environment);
  }

  current(environment: string, principal: string): readonly Attachment[] {
    return this.history.filter(
      (one) => one.environment === environment && one.principal === principal && one.toMs === undefined,
    );
  }

  /** Who calls an environment's models: its own role, and everybody the config guards. Their calls are equally many. */
  callers(environment: string): readonly string[] {
    const { config, stack } = this.environments.get(environment)!;
    const { roles, users, groups } = config.principals;
    return [stack.invokerRole, ...[...roles, ...users, ...groups].map(({ name }) => name)];
  }

  /** The share of callers whose calls of a model are let through. */
  allowedShare(environment: string, model: ResolvedModel): number {
    const known = this.shares.get(environment) ?? new Map<ResolvedModel, number>();
    this.shares.set(environment, known);
    const share = known.get(model) ?? this.computeShare(environment, model);
    known.set(model, share);
    return share;
  }

  private working(environment: string, principal: string): readonly Attachment[] {
    const now = this.settledMs.get(environment) ?? 0;
    return this.history.filter(
      (one) =>
        one.environment === environment &&
        one.principal === principal &&
        one.fromMs + one.worksAfterMs <= now &&
        (one.toMs === undefined || one.toMs + one.worksAfterMs > now),
    );
  }

  private computeShare(environment: string, model: ResolvedModel): number {
    const callers = this.callers(environment);
    const arns = namedByCall(this.environments.get(environment)!.stack, model);
    const open = callers.filter(
      (caller) => !this.working(environment, caller).some(({ policy }) => policy.denies(INVOKE, arns)),
    );
    return open.length / callers.length;
  }
}
