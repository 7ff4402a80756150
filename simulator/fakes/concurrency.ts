import {
  isVersion,
  targetKey,
  type Target,
  type ConcurrencyPort,
  type ProvisionedConfig,
  type QualifiedConfig,
  type QualifierDetails,
} from '../../core/concurrency';
import { ServiceError } from '../../core/errors';

export interface FakeQualifier {
  details: QualifierDetails;
  config?: ProvisionedConfig;
}

/** What Lambda gives an account at first, and what of it no function may take (https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html, 2026-11). */
const ACCOUNT_LIMIT = 1000;
const LEFT_UNRESERVED = 100;

/** Lambda, as far as provisioned concurrency goes: functions, their aliases and versions, and what each has. */
export class FakeConcurrency implements ConcurrencyPort {
  /** By function, by qualifier. */
  readonly functions = new Map<string, Map<string, FakeQualifier>>();
  /** What allocations end in; READY at once unless said otherwise. */
  allocationsEnd: 'READY' | 'IN_PROGRESS' | 'FAILED' = 'READY';
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;
  private revisions = 0;
  /** An error is dear to make, and a function that does not exist is asked for in run after run. */
  private readonly unknown = new Map<string, ServiceError>();

  constructor(private readonly now: () => number) {}

  /** As a deploy does: creates or replaces the alias or version, with or without a configuration. */
  deploy(target: Target, value: number | undefined, details: Partial<QualifierDetails> = {}): void {
    const qualifiers = this.functions.get(target.functionName) ?? new Map<string, FakeQualifier>();
    this.functions.set(target.functionName, qualifiers);
    qualifiers.set(target.qualifier, {
      details: {
        functionVersion: isVersion(target) ? target.qualifier : '1',
        revisionId: `revision-${(this.revisions += 1)}`,
        weighted: false,
        memoryMb: 1024,
        architecture: 'x86_64',
        ...details,
      },
      ...(value === undefined ? {} : { config: this.configOf(value, 'READY') }),
    });
  }

  /** As a person does in the console. */
  set(target: Target, value: number | undefined): void {
    const found = this.find(target);
    if (value === undefined) delete found.config;
    else found.config = this.configOf(value, 'READY');
  }

  /** What is being allocated is ready now. */
  finishAllocations(): void {
    for (const qualifiers of this.functions.values()) {
      for (const found of qualifiers.values()) {
        if (found.config?.status === 'IN_PROGRESS') found.config = { ...found.config, status: 'READY' };
      }
    }
  }

  value(target: Target): number {
    return this.functions.get(target.functionName)?.get(target.qualifier)?.config?.requested ?? 0;
  }

  async list(functionName: string): Promise<readonly QualifiedConfig[]> {
    this.refuse();
    const qualifiers = this.functions.get(functionName);
    if (!qualifiers) throw this.notFound(`function ${functionName}`);
    return [...qualifiers].flatMap(([qualifier, { config }]) => (config ? [{ qualifier, ...config }] : []));
  }

  async config(target: Target): Promise<ProvisionedConfig | undefined> {
    this.refuse();
    return this.find(target).config;
  }

  async details(target: Target): Promise<QualifierDetails> {
    this.refuse();
    return this.find(target).details;
  }

  async put(target: Target, value: number): Promise<void> {
    this.refuse();
    if (!Number.isInteger(value) || value < 1) {
      throw invalid(`a value of at least 1, got ${value}`);
    }
    if (target.qualifier === '$LATEST') throw invalid('$LATEST cannot have provisioned concurrency');
    const found = this.find(target);
    if (found.details.weighted) throw invalid('Alias with weights can not be used with Provisioned Concurrency');
    if (value + this.provisionedBut(found) > ACCOUNT_LIMIT - LEFT_UNRESERVED) {
      throw invalid(`the account must keep ${LEFT_UNRESERVED} unreserved`);
    }
    found.config = this.configOf(value, this.allocationsEnd);
  }

  async remove(target: Target): Promise<void> {
    this.refuse();
    delete this.find(target).config;
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }

  private provisionedBut(one: FakeQualifier): number {
    const all = [...this.functions.values()].flatMap((qualifiers) => [...qualifiers.values()]);
    return all.reduce((sum, other) => sum + (other === one ? 0 : (other.config?.requested ?? 0)), 0);
  }

  private find(target: Target): FakeQualifier {
    const found = this.functions.get(target.functionName)?.get(target.qualifier);
    if (!found) throw this.notFound(targetKey(target));
    return found;
  }

  private notFound(what: string): ServiceError {
    const error =
      this.unknown.get(what) ??
      new ServiceError('notFound', 'ResourceNotFoundException', `${what} does not exist`, 404);
    this.unknown.set(what, error);
    return error;
  }

  private configOf(requested: number, status: ProvisionedConfig['status']): ProvisionedConfig {
    const statusReason = status === 'FAILED' ? { statusReason: 'FUNCTION_ERROR_INIT_FAILURE' } : {};
    return { requested, status, lastModifiedMs: this.now(), ...statusReason };
  }
}

function invalid(text: string): ServiceError {
  return new ServiceError('invalid', 'InvalidParameterValueException', text, 400);
}
