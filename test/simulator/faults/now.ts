import type { Fault, FaultKind, Schedule } from './schedule';

/** Where a run stands in its schedule, and which faults have really come. */
export class FaultsNow {
  readonly fired = new Set<FaultKind>();
  minute = 0;

  constructor(readonly schedule: Schedule) {}

  active(kind: FaultKind): Fault | undefined {
    return this.schedule.faults.find(
      (fault) => fault.kind === kind && this.minute >= fault.from && this.minute < fault.from + fault.minutes,
    );
  }

  starts(kind: FaultKind): Fault | undefined {
    return this.schedule.faults.find((fault) => fault.kind === kind && this.minute === fault.from);
  }

  fire(kind: FaultKind): void {
    this.fired.add(kind);
  }
}
