import { ServiceError } from '../../core/errors';
import type { Found, TemporaryBudgetsPort } from '../../core/verify';

interface Budget extends Found {
  readonly key: string;
  readonly value: string;
}

/** Budgets by name; a name is taken once. */
export class FakeTemporaryBudgets implements TemporaryBudgetsPort {
  readonly kept = new Map<string, Budget>();
  /** In place of every answer. */
  failure: ServiceError | undefined;

  constructor(private readonly account = '111122223333') {}

  async create(budget: {
    readonly name: string;
    readonly key: string;
    readonly value: string;
    readonly runId: string;
  }) {
    this.refuse();
    const { name } = budget;
    if (this.kept.has(name)) {
      throw new ServiceError('invalid', 'DuplicateRecordException', `${name} is there already`, 400);
    }
    this.kept.set(name, { ...budget, arn: `arn:aws:budgets::${this.account}:budget/${name}` });
  }

  async list(namePrefix: string): Promise<readonly Found[]> {
    this.refuse();
    return [...this.kept.values()]
      .filter(({ name }) => name.startsWith(namePrefix))
      .map(({ name, arn, runId }) => ({ name, arn, ...(runId === undefined ? {} : { runId }) }));
  }

  async remove(name: string): Promise<void> {
    this.refuse();
    this.kept.delete(name);
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
