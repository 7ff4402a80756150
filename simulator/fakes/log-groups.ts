import type { LogGroup, LogGroupsPort } from '../../core/spenders';

export class FakeLogGroups implements LogGroupsPort {
  readonly groups = new Map<string, LogGroup>();
  failure: unknown;

  async group(name: string): Promise<LogGroup | undefined> {
    if (this.failure !== undefined) throw this.failure;
    return this.groups.get(name);
  }
}
