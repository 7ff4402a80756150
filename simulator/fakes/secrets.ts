import type { Secret, SecretsPort } from '../../core/channels';

/** Secrets in memory; each write makes another version. */
export class FakeSecrets implements SecretsPort {
  readonly secrets = new Map<string, Secret>();
  reads = 0;
  private version = 0;

  put(name: string, value: string): void {
    this.secrets.set(name, { kind: 'value', value, version: String(++this.version) });
  }

  async read(name: string): Promise<Secret> {
    this.reads += 1;
    return this.secrets.get(name) ?? { kind: 'missing' };
  }
}
