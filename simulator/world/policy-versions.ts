import { GuardError, ServiceError } from '../../core/errors';
import type { PolicyVersion } from '../../core/enforcement';
import { denialsOf, type DenyPolicy, type ManagedPolicy } from '../template/policies';

/** IAM's quota (trap 48). */
const MOST_VERSIONS = 5;

interface Version extends Omit<PolicyVersion, 'isDefault'> {
  readonly denies: DenyPolicy['denies'];
}

/** A managed policy whose version in effect is changed while the month goes on, as IAM would keep it. */
export class VersionedPolicy implements DenyPolicy {
  readonly arn: string;
  readonly logicalId: string;
  private readonly versions: Version[] = [];
  /** Looked at each minute, and hardly ever changed. */
  private listed: readonly PolicyVersion[] | undefined;
  private made = 0;
  private defaultId = '';
  private working: Version;

  constructor({ arn, logicalId, document }: ManagedPolicy) {
    this.arn = arn;
    this.logicalId = logicalId;
    this.working = this.create(document, 0);
    this.defaultId = this.working.id;
    this.listed = undefined;
  }

  /** By the version that works at present. */
  denies(action: string, resourceArns: readonly string[]): boolean {
    return this.working.denies(action, resourceArns);
  }

  list(): readonly PolicyVersion[] {
    return (this.listed ??= this.versions.map(({ id, createdAt, document }) => ({
      id,
      createdAt,
      document,
      isDefault: id === this.defaultId,
    })));
  }

  /** @throws ServiceError as IAM does */
  create(document: unknown, nowMs: number): Version {
    if (this.versions.length >= MOST_VERSIONS)
      throw new ServiceError('other', 'LimitExceededException', 'five versions', 409);
    const unsupported = (what: string) => new GuardError('TEMPLATE_UNSUPPORTED', `${this.logicalId}: ${what}`);
    const version = { id: `v${++this.made}`, createdAt: nowMs, document, denies: denialsOf(document, unsupported) };
    this.versions.push(version);
    this.listed = undefined;
    return version;
  }

  remove(id: string): void {
    if (id === this.defaultId) throw new ServiceError('other', 'DeleteConflictException', 'the default version', 409);
    const at = this.versions.findIndex((one) => one.id === id);
    if (at >= 0) this.versions.splice(at, 1);
    this.listed = undefined;
  }

  /** @returns what makes it work, which is to be called when it does. @throws ServiceError as IAM does */
  setDefault(id: string): () => void {
    const version = this.versions.find((one) => one.id === id);
    if (version === undefined) throw new ServiceError('notFound', 'NoSuchEntityException', 'no such version', 404);
    this.defaultId = id;
    this.listed = undefined;
    return () => {
      this.working = version;
    };
  }
}
