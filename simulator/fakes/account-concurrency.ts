import type { AccountConcurrencyPort } from '../../core/concurrency';
import { ServiceError } from '../../core/errors';

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (2026-11). */
const LEFT_UNRESERVED = 100;

/** The concurrency of an account, and what its functions have reserved of it. */
export class FakeAccountConcurrency implements AccountConcurrencyPort {
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;
  /** What was reserved by request, oldest first. */
  readonly puts: number[] = [];

  /** @param functions what each has reserved; there are no others */
  constructor(
    private readonly limit: number,
    private readonly functions: Map<string, number | undefined>,
  ) {}

  async unreserved(): Promise<number> {
    this.refuse();
    return [...this.functions.values()].reduce<number>((left, reserved = 0) => left - reserved, this.limit);
  }

  async reserved(functionName: string): Promise<number | undefined> {
    this.refuse(functionName);
    return this.functions.get(functionName);
  }

  async reserve(functionName: string, concurrency: number): Promise<void> {
    this.refuse(functionName);
    const left = (await this.unreserved()) + (this.functions.get(functionName) ?? 0) - concurrency;
    if (left < LEFT_UNRESERVED) {
      const text = `below its minimum value of [${LEFT_UNRESERVED}]`;
      throw new ServiceError('invalid', 'InvalidParameterValueException', text, 400);
    }
    this.functions.set(functionName, concurrency);
    this.puts.push(concurrency);
  }

  private refuse(functionName?: string): void {
    if (this.failure) throw this.failure;
    if (functionName === undefined || this.functions.has(functionName)) return;
    throw new ServiceError('notFound', 'ResourceNotFoundException', `${functionName} does not exist`, 404);
  }
}
