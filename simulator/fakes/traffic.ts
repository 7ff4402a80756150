import type { Reading } from '../../core/reading';
import type { ServiceError } from '../../core/errors';
import type { TrafficPort, TrafficWindow } from '../../core/concurrency';

/** Calls of functions, at the time of each; complete unless said otherwise. */
export class FakeTraffic implements TrafficPort {
  readonly calls: { functionName: string; atMs: number }[] = [];
  readonly unavailable = new Map<string, string>();
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async invocations(windows: readonly TrafficWindow[]): Promise<ReadonlyMap<string, Reading<number>>> {
    if (this.failure) throw this.failure;
    return new Map(windows.map((window) => [window.functionName, this.reading(window)]));
  }

  private reading({ functionName, fromMs, toMs }: TrafficWindow): Reading<number> {
    const why = this.unavailable.get(functionName);
    if (why !== undefined) return { kind: 'unavailable', why };
    const calls = this.calls.filter((call) => call.functionName === functionName);
    return { kind: 'known', value: calls.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).length };
  }
}
