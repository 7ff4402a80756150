import type { AttachmentChange, AllAttachmentsPort, Principal } from '../../core/enforcement';
import type { ServiceError } from '../../core/errors';

type Refusal = (policyArn: string, principal: Principal) => string | undefined;

/** Managed policies on a role, user or group, unless IAM has raised it. */
const QUOTA = 10;

/** Who has which policy, as IAM would keep it. */
export class FakeAttachments implements AllAttachmentsPort {
  /** Requests by what was asked, refused ones too. */
  readonly calls: Record<keyof AllAttachmentsPort, number> = { attachedTo: 0, attach: 0, detach: 0 };
  /** What a listing gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;
  private readonly attached = new Map<string, Map<string, Principal>>();
  private readonly missing = new Set<string>();

  /** Each answers IAM's name for why a change fails, such as `ThrottlingException`; undefined where it does not. */
  constructor(
    private readonly refusesDetach: Refusal = () => undefined,
    private readonly refusesAttach: Refusal = () => undefined,
  ) {}

  /** Everybody and every policy exists but these, who have nothing attached any more. @param gone a policy's ARN, or somebody */
  remove(gone: string | Principal): void {
    this.missing.add(typeof gone === 'string' ? gone : keyOf(gone));
    if (typeof gone === 'string') this.attached.delete(gone);
    else for (const entities of this.attached.values()) entities.delete(keyOf(gone));
  }

  /** As IAM Identity Center attaches what a permission set refers to: also to roles that nobody else may change. */
  provision(policyArn: string, principal: Principal): void {
    const entities = this.attached.get(policyArn) ?? new Map<string, Principal>();
    this.attached.set(policyArn, entities.set(keyOf(principal), principal));
  }

  /** `done` also where it was attached before: IAM says no more. */
  async attach(policyArn: string, principal: Principal): Promise<AttachmentChange> {
    this.calls.attach += 1;
    const why = this.refusesAttach(policyArn, principal) ?? this.why(policyArn, principal);
    if (why !== undefined) return { kind: 'failed', why };
    const isAttached = this.attached.get(policyArn)?.has(keyOf(principal)) === true;
    if (!isAttached && this.policiesOf(principal) >= QUOTA) return { kind: 'failed', why: 'LimitExceededException' };
    this.provision(policyArn, principal);
    return { kind: 'done' };
  }

  async attachedTo(policyArn: string): Promise<readonly Principal[]> {
    this.calls.attachedTo += 1;
    if (this.failure) throw this.failure;
    return [...(this.attached.get(policyArn)?.values() ?? [])];
  }

  async detach(policyArn: string, principal: Principal): Promise<AttachmentChange> {
    this.calls.detach += 1;
    const why = this.refusesDetach(policyArn, principal) ?? this.why(policyArn, principal);
    if (why === 'NoSuchEntityException') return { kind: 'unchanged' };
    if (why !== undefined) return { kind: 'failed', why };
    const had = this.attached.get(policyArn)?.delete(keyOf(principal));
    return { kind: had ? 'done' : 'unchanged' };
  }

  private why(policyArn: string, principal: Principal): string | undefined {
    if (principal.kind === 'role' && principal.name.startsWith('AWSReservedSSO_')) return 'UnmodifiableEntityException';
    return this.missing.has(policyArn) || this.missing.has(keyOf(principal)) ? 'NoSuchEntityException' : undefined;
  }

  private policiesOf(principal: Principal): number {
    return [...this.attached.values()].filter((entities) => entities.has(keyOf(principal))).length;
  }
}

function keyOf({ kind, name }: Principal): string {
  return `${kind} ${name}`;
}
