import type { AttachmentChange, AttachmentsPort, Principal } from '../../core/ports/attachments';

/** Who has which policy, as IAM would keep it. */
export class FakeAttachments implements AttachmentsPort {
  private readonly attached = new Map<string, Map<string, Principal>>();

  constructor(
    private readonly refusal: (policyArn: string, principal: Principal) => string | undefined = () => undefined,
  ) {}

  attach(policyArn: string, principal: Principal): void {
    const entities = this.attached.get(policyArn) ?? new Map<string, Principal>();
    entities.set(`${principal.kind} ${principal.name}`, principal);
    this.attached.set(policyArn, entities);
  }

  async attachedTo(policyArn: string): Promise<readonly Principal[]> {
    return [...(this.attached.get(policyArn)?.values() ?? [])];
  }

  async detach(policyArn: string, principal: Principal): Promise<AttachmentChange> {
    const why = this.refusal(policyArn, principal);
    if (why !== undefined) return { kind: 'failed', why };
    const had = this.attached.get(policyArn)?.delete(`${principal.kind} ${principal.name}`);
    return { kind: had ? 'done' : 'unchanged' };
  }
}
