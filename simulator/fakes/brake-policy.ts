import type { ServiceError } from '../../core/errors';
import type { BrakePolicyPort, PolicyChange } from '../../core/organization';

/** Of service control policies, on an account; five before May 2026 (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html, read 2026-11-29). */
const MOST_POLICIES = 10;

/** One policy of AWS Organizations, and what it is attached to. */
export class FakeBrakePolicy implements BrakePolicyPort {
  readonly attached = new Set<string>();
  /** Accounts that have left, or never were there. */
  readonly missing = new Set<string>();
  /** How many other policies an account has; one where it is not said, as each begins with FullAWSAccess. */
  readonly others = new Map<string, number>();
  /** Changes that came about, oldest first. */
  readonly changes: { readonly did: 'attach' | 'detach'; readonly account: string }[] = [];
  /** What a listing gets for an answer, and a change for its failure; undefined: all is well. */
  failure: ServiceError | undefined;

  async targets(): Promise<readonly string[]> {
    if (this.failure) throw this.failure;
    return [...this.attached];
  }

  async attach(account: string): Promise<PolicyChange> {
    if (this.failure) return { kind: 'failed', why: this.failure.errorName };
    if (this.missing.has(account)) return { kind: 'failed', why: 'TargetNotFoundException' };
    if (this.attached.has(account)) return { kind: 'unchanged' };
    if ((this.others.get(account) ?? 1) >= MOST_POLICIES) {
      return { kind: 'failed', why: 'MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED' };
    }
    this.attached.add(account);
    this.changes.push({ did: 'attach', account });
    return { kind: 'done' };
  }

  async detach(account: string): Promise<PolicyChange> {
    if (this.failure) return { kind: 'failed', why: this.failure.errorName };
    if (this.missing.has(account) || !this.attached.delete(account)) return { kind: 'unchanged' };
    this.changes.push({ did: 'detach', account });
    return { kind: 'done' };
  }
}
