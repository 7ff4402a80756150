import type { AttachmentChange, DenyAttachmentsPort, Principal } from '../../core/ports/attachments';

type Refusal = (policyArn: string, principal: Principal) => string | undefined;

/** Who has which policy, as IAM would keep it. */
export class FakeAttachments implements DenyAttachmentsPort {
  private readonly attached = new Map<string, Map<string, Principal>>();

  /** Each answers IAM's name for why a change fails, such as `LimitExceededException`; undefined where it does not. */
  constructor(
    private readonly refusesDetach: Refusal = () => undefined,
    private readonly refusesAttach: Refusal = () => undefined,
  ) {}

  /** `done` also where it was attached before: IAM says no more. */
  async attach(policyArn: string, principal: Principal): Promise<AttachmentChange> {
    const why = this.refusesAttach(policyArn, principal);
    if (why !== undefined) return { kind: 'failed', why };
    const entities = this.attached.get(policyArn) ?? new Map<string, Principal>();
    entities.set(`${principal.kind} ${principal.name}`, principal);
    this.attached.set(policyArn, entities);
    return { kind: 'done' };
  }

  async attachedTo(policyArn: string): Promise<readonly Principal[]> {
    return [...(this.attached.get(policyArn)?.values() ?? [])];
  }

  async detach(policyArn: string, principal: Principal): Promise<AttachmentChange> {
    const why = this.refusesDetach(policyArn, principal);
    if (why !== undefined) return { kind: 'failed', why };
    const had = this.attached.get(policyArn)?.delete(`${principal.kind} ${principal.name}`);
    return { kind: had ? 'done' : 'unchanged' };
  }
}
