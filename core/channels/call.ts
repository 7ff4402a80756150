import type { Urgency } from '../notice';
import type { Told } from './attempt';

/** What an episode has at a channel that can change or resolve it, and how urgent it was when people were called to it. */
export interface Call {
  readonly urgency: Urgency;
  /** What the channel calls it. */
  readonly name: string;
}

/** As it is kept with what was told. */
export function writtenCall({ urgency, name }: Call): string {
  return `${urgency} ${name}`;
}

/** @returns undefined where nothing is open, or nobody knows what it is called */
export function openCall(told: Told | undefined): Call | undefined {
  if (told?.status !== 'firing' || told.ref === undefined) return undefined;
  const found = /^(critical|warning|info) (.+)$/su.exec(told.ref);
  return found ? { urgency: found[1] as Urgency, name: found[2] as string } : undefined;
}

/** From the least on. */
export const URGENCIES: readonly Urgency[] = ['info', 'warning', 'critical'];

export function isLouder(one: Urgency, other: Urgency): boolean {
  return URGENCIES.indexOf(one) > URGENCIES.indexOf(other);
}
