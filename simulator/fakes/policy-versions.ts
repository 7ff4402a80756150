import type { PolicyVersion, PolicyVersionWriterPort } from '../../core/enforcement';
import { ServiceError } from '../../core/errors';

/** IAM's quota of versions of a managed policy (trap 48). */
const QUOTA = 5;

type Operation = keyof PolicyVersionWriterPort;

interface Kept {
  readonly id: string;
  readonly createdAt: number;
  /** As IAM keeps it: a text, which nobody changes. */
  readonly document: unknown;
}

/** The versions of one managed policy, as IAM would keep them: numbers are never used twice, and the default is not deleted. */
export class FakePolicyVersions implements PolicyVersionWriterPort {
  /** Requests by what was asked, refused ones too. */
  readonly calls: Record<Operation, number> = { list: 0, setDefault: 0, create: 0, remove: 0 };
  private kept: readonly Kept[] = [];
  /** The answer until something changes: whoever looks each minute, and works out what follows once, is given the same again. */
  private listed: readonly PolicyVersion[] | undefined;
  private made = 0;
  private default = '';
  private readonly refusals: { readonly operation: Operation; readonly error: ServiceError; left: number }[] = [];

  /** @param document of the version with which the policy is made */
  constructor(
    document: unknown,
    private readonly now: () => number = () => 0,
  ) {
    this.default = this.add(document);
  }

  /** @param times @default - from now on */
  refuse(operation: Operation, error: ServiceError, times = Number.POSITIVE_INFINITY): void {
    this.refusals.push({ operation, error, left: times });
  }

  /** What was to be refused is not any more. */
  heal(): void {
    this.refusals.length = 0;
  }

  /** The policy is deleted, with all of its versions. */
  gone(): void {
    this.kept = [];
    this.listed = undefined;
  }

  /** As somebody does who edits the policy in the console: the new text is in effect at once. @throws ServiceError */
  edit(document: unknown): string {
    this.default = this.add(document);
    this.listed = undefined;
    return this.default;
  }

  async list(): Promise<readonly PolicyVersion[]> {
    this.ask('list');
    return (this.listed ??= Object.freeze(
      this.kept.toReversed().map((one) => ({ ...one, isDefault: one.id === this.default })),
    ));
  }

  async setDefault(id: string): Promise<void> {
    this.ask('setDefault');
    if (!this.kept.some((one) => one.id === id)) throw noSuch(id);
    this.default = id;
    this.listed = undefined;
  }

  async create(document: unknown): Promise<void> {
    this.ask('create');
    if (this.kept.length === 0) throw noSuch('the policy');
    this.add(document);
  }

  async remove(id: string): Promise<void> {
    this.ask('remove');
    if (id === this.default && this.kept.length > 0) {
      throw new ServiceError('other', 'DeleteConflictException', `${id} is the default version`, 409);
    }
    this.kept = this.kept.filter((one) => one.id !== id);
    this.listed = undefined;
  }

  private add(document: unknown): string {
    if (this.kept.length >= QUOTA) {
      throw new ServiceError('other', 'LimitExceededException', `a policy has at most ${QUOTA} versions`, 409);
    }
    const id = `v${(this.made += 1)}`;
    // IAM tells whole seconds.
    const createdAt = Math.floor(this.now() / 1000) * 1000;
    this.kept = [...this.kept, { id, createdAt, document: JSON.parse(JSON.stringify(document)) as unknown }];
    this.listed = undefined;
    return id;
  }

  private ask(operation: Operation): void {
    this.calls[operation] += 1;
    const refusal = this.refusals.find((one) => one.operation === operation && one.left > 0);
    if (refusal === undefined) return;
    refusal.left -= 1;
    throw refusal.error;
  }
}

function noSuch(what: string): ServiceError {
  return new ServiceError('notFound', 'NoSuchEntityException', `${what} is not there`, 404);
}
