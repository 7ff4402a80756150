import { DAY_MS } from '../calendar';
import type { Reading } from '../reading';
import type { Caller, StoredCaller } from './caller';
import { ID_LENGTH } from './key';

/** Of the leases table: callers of the server are told from no budget by it, which begin with another word. */
const PREFIX = 'CALLER#';

export const CALLER_SORT_KEY = 'CALLER';

/** The partition key of a caller's item; its sort key is {@link CALLER_SORT_KEY}. */
export function callerPartition(id: string): string {
  return `${PREFIX}${id}`;
}

/** For `begins_with` on the partition key. */
export const CALLER_PARTITIONS = PREFIX;

/** For `StringLike` on `dynamodb:LeadingKeys`: all callers. */
export const KEYS_OF_CALLERS = `${PREFIX}${'?'.repeat(ID_LENGTH)}`;

/** So long after its end people still find a key in the list; then DynamoDB deletes it. */
const KEPT_MS = 30 * DAY_MS;

export type CallerItem = Readonly<Record<string, unknown>>;

/** `expiresAt` is the table's own clock of deletion, in seconds. */
export function callerItem({ id, expiresAt, ...rest }: StoredCaller): CallerItem {
  return {
    ...{ pk: callerPartition(id), sk: CALLER_SORT_KEY, schemaVersion: 1, ...rest },
    expiresAtMs: expiresAt,
    expiresAt: Math.ceil((expiresAt + KEPT_MS) / 1000),
  };
}

/** What an item says, or why it cannot be read: a key that nobody can read lets nobody in, and hides no other. */
export function readCaller(item: CallerItem): Reading<StoredCaller> {
  const wrong: string[] = [];
  const text = (name: string): string => {
    const value = item[name];
    if (typeof value === 'string') return value;
    wrong.push(name);
    return '';
  };
  const time = (name: string): number => {
    const value = item[name];
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
    wrong.push(name);
    return 0;
  };
  const pk = text('pk');
  if (item['schemaVersion'] !== 1) return unreadable(pk, ['schemaVersion']);
  const hash = text('hash');
  if (!/^[0-9a-f]{64}$/.test(hash)) wrong.push('hash');
  const caller: StoredCaller = {
    id: pk.slice(PREFIX.length),
    ...{ hash, budget: text('budget'), person: text('person') },
    ...('name' in item && { name: text('name') }),
    ...{ createdAt: time('createdAt'), createdBy: text('createdBy'), expiresAt: time('expiresAtMs') },
    ...('revokedAt' in item && { revokedAt: time('revokedAt') }),
    ...('revokedBy' in item && { revokedBy: text('revokedBy') }),
  };
  return wrong.length === 0 ? { kind: 'known', value: caller } : unreadable(pk, wrong);
}

function unreadable(pk: string, fields: readonly string[]): Reading<never> {
  const wrong = [...new Set(fields)].join(', ');
  return {
    kind: 'unavailable',
    why: `item ${pk} / ${CALLER_SORT_KEY} is not what this release writes (schemaVersion 1), wrong: ${wrong}; revoke the key and add another`,
  };
}

/** Whom it is of, and not what its secret is known by. */
export function withoutHash(stored: StoredCaller): Caller {
  const { id, budget, person, name, createdAt, createdBy, expiresAt, revokedAt, revokedBy } = stored;
  return {
    ...{ id, budget, person, createdAt, createdBy, expiresAt },
    ...(name !== undefined && { name }),
    ...(revokedAt !== undefined && { revokedAt }),
    ...(revokedBy !== undefined && { revokedBy }),
  };
}
