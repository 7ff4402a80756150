import type { StepId } from './steps';

/** In the order in which they must go: a role holds the policy, and the policy may name the profile. */
export const KINDS = ['role', 'policy', 'profile', 'budget'] as const;
export type Kind = (typeof KINDS)[number];

/** Something that is about to be made, or is: it is written down before. */
export interface Planned {
  readonly runId: string;
  readonly step: StepId;
  readonly kind: Kind;
  readonly name: string;
  readonly region: string;
  /** Its last four digits. */
  readonly account: string;
  /** Absent: nobody knows yet whether it was made. */
  readonly arn?: string;
  /** A later run reads it: only that, or `--clean`, removes it. */
  readonly waits?: true;
}

/** A step that a later run goes on with. */
export interface Begun {
  readonly step: StepId;
  readonly runId: string;
  readonly environment: string;
  readonly account: string;
  /** ms since the epoch. */
  readonly at: number;
}

export interface Journal {
  readonly schemaVersion: 1;
  readonly resources: readonly Planned[];
  readonly begun: readonly Begun[];
}

export const EMPTY_JOURNAL: Journal = { schemaVersion: 1, resources: [], begun: [] };

export function planned(journal: Journal, resource: Planned): Journal {
  return { ...journal, resources: [...journal.resources.filter(isOther(resource)), resource] };
}

export function removed(journal: Journal, resource: Planned): Journal {
  return { ...journal, resources: journal.resources.filter(isOther(resource)) };
}

export function begin(journal: Journal, begun: Begun): Journal {
  return { ...journal, begun: [...journal.begun.filter((one) => !isSame(one, begun)), begun] };
}

export function ended(journal: Journal, begun: Begun): Journal {
  return { ...journal, begun: journal.begun.filter((one) => !isSame(one, begun)) };
}

/** Whether a later run still reads it: the step that made it has begun to the end. */
export function isWaiting({ begun }: Journal, { waits, runId }: Planned): boolean {
  return waits === true && begun.some((one) => one.runId === runId);
}

export function isEmpty({ resources, begun }: Journal): boolean {
  return resources.length === 0 && begun.length === 0;
}

function isOther(one: Planned) {
  return ({ kind, name, region, account }: Planned) =>
    kind !== one.kind || name !== one.name || region !== one.region || account !== one.account;
}

function isSame(a: Begun, b: Begun): boolean {
  return a.step === b.step && a.environment === b.environment && a.account === b.account;
}
