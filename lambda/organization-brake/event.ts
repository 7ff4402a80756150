import * as z from 'zod/mini';
import { GuardError } from '../../core/errors';
import type { BrakeOrder } from '../../core/organization';
import { accountId } from '../organization-settings';

const words = z.string().check(z.minLength(1), z.maxLength(500));
const by = words;

/** Further keys, such as a clock for the local AWS, are allowed. */
const shape = z.union([
  z.object({ source: z.literal('schedule'), command: z.optional(z.never()) }),
  z.object({ command: z.literal('converge'), account: accountId }),
  z.object({ command: z.literal('approve'), account: accountId, decision: words, by }),
  z.object({ command: z.literal('stop'), account: accountId, by, reason: words }),
  z.object({ command: z.literal('lift'), account: accountId, by, reason: words, until: z.optional(z.string()) }),
]);

export type BrakeEvent =
  /** Every account. */
  | { readonly kind: 'all' }
  | { readonly kind: 'converge'; readonly account: string }
  | { readonly kind: 'order'; readonly account: string; readonly order: BrakeOrder };

/** @throws GuardError EVENT_INVALID */
export function parseEvent(event: unknown): BrakeEvent {
  const parsed = shape.safeParse(event);
  if (!parsed.success) throw invalid(event);
  const { data } = parsed;
  if (data.command === undefined) return { kind: 'all' };
  const { account } = data;
  switch (data.command) {
    case 'converge':
      return { kind: 'converge', account };
    case 'approve':
      return { kind: 'order', account, order: { kind: 'approve', decision: data.decision, by: data.by } };
    case 'stop':
      return { kind: 'order', account, order: { kind: 'stop', by: data.by, reason: data.reason } };
    case 'lift': {
      const until = data.until === undefined ? undefined : timeOf(data.until);
      const order = { kind: 'lift', by: data.by, reason: data.reason, ...(until !== undefined && { until }) } as const;
      return { kind: 'order', account, order };
    }
  }
}

function timeOf(until: string): number {
  const at = Date.parse(until);
  if (!Number.isNaN(at)) return at;
  throw new GuardError(
    'EVENT_INVALID',
    `until must be an ISO date such as 2026-11-30T12:00:00Z, got ${JSON.stringify(until)}`,
  );
}

/** What each command needs beside an account. */
const COMMANDS: Readonly<Record<Extract<z.infer<typeof shape>, { command: string }>['command'], string>> = {
  converge: 'nothing',
  approve: 'decision, by',
  stop: 'by, reason',
  lift: 'by, reason, and until where it ends before the month',
};

function invalid(event: unknown): GuardError {
  const text = JSON.stringify(event) ?? String(event);
  const shown = text.length <= 200 ? text : `${text.slice(0, 200)}...`;
  const needed = Object.entries(COMMANDS).map(([command, needs]) => `${command}: ${needs}`);
  return new GuardError(
    'EVENT_INVALID',
    `organization-brake takes {"source":"schedule"}, or a command with a 12-digit account and what it needs (${needed.join('; ')}), got ${shown}`,
  );
}
