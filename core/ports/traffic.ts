import type { Reading } from '../health/guard-state';

export interface TrafficPort {
  /**
   * Invocations of functions in a window, by name. Lambda sends no points for an idle function, so none at all is 0 where
   * CloudWatch says that its answer is complete; any other answer is unavailable. Never throws for one function alone.
   * @throws ServiceError
   */
  invocations(windows: readonly TrafficWindow[]): Promise<ReadonlyMap<string, Reading<number>>>;
}

export interface TrafficWindow {
  readonly functionName: string;
  readonly fromMs: number;
  readonly toMs: number;
}
