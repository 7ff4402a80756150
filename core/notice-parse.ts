import { nanoUsd } from './money';
import type { Notice, NoticeSource, NoticeSpend, NoticeStatus, Urgency } from './notice-types';
import { shortNotice } from './notice-text';

const SOURCES = ['meter', 'bill', 'health', 'auto-stop', 'organization', 'alarm', 'budgets', 'other'] as const;
const STATUSES = ['firing', 'resolved', 'once'] as const;
const URGENCIES = ['critical', 'warning', 'info'] as const;

export interface ParsedNotices {
  readonly notices: readonly Notice[];
  /** Why something that was there is no notice. */
  readonly refused: readonly string[];
}

/**
 * What an attribute holds; never throws, whatever that is. Everybody who may publish to the topic may have written it: texts are cut
 * and cleaned as if they had not been. @param attribute undefined: there is none
 */
export function parseNotices(attribute: string | undefined): ParsedNotices {
  if (attribute === undefined) return { notices: [], refused: [] };
  let all: unknown;
  try {
    all = JSON.parse(attribute);
  } catch {
    return { notices: [], refused: ['the attribute is no JSON'] };
  }
  return noticesFrom(all);
}

/** The same of what is JSON no more, such as what a table has kept. */
export function noticesFrom(all: unknown): ParsedNotices {
  if (!Array.isArray(all)) return { notices: [], refused: [`the attribute must be an array, got ${kindOf(all)}`] };
  const notices: Notice[] = [];
  const refused: string[] = [];
  all.forEach((one: unknown, at) => {
    const wrong: string[] = [];
    const notice = noticeFrom(one, wrong);
    if (notice === undefined || wrong.length > 0) refused.push(`[${at}]: ${wrong.join(', ')}`);
    else notices.push(shortNotice(notice));
  });
  return { notices, refused };
}

/** @param wrong gets what is, a field each */
function noticeFrom(value: unknown, wrong: string[]): Notice | undefined {
  if (!isObject(value)) {
    wrong.push(`must be an object, got ${kindOf(value)}`);
    return undefined;
  }
  if (value['schemaVersion'] !== 1) {
    wrong.push(`schemaVersion must be 1, got ${shown(value['schemaVersion'])}`);
    return undefined;
  }
  const text = (key: string, optional = false) => {
    const found = value[key];
    if (typeof found === 'string' && found.trim() !== '') return found;
    if (!optional || found !== undefined) wrong.push(`${key} must be a text, got ${shown(found)}`);
    return '';
  };
  const oneOf = <T extends string>(key: string, allowed: readonly T[], otherwise: T): T => {
    const found = allowed.find((one) => one === value[key]);
    if (found === undefined) wrong.push(`${key} must be one of ${allowed.join(', ')}, got ${shown(value[key])}`);
    return found ?? otherwise;
  };
  const texts = (key: string): readonly string[] => {
    const found = value[key];
    if (Array.isArray(found) && found.every((line) => typeof line === 'string')) return found;
    wrong.push(`${key} must be an array of texts, got ${shown(found)}`);
    return [];
  };
  const at = value['at'];
  if (!isWhole(at) || at > LATEST) wrong.push(`at must be ms since the epoch, got ${shown(at)}`);
  const spend = spendFrom(value['spend'], wrong);
  const who = text('who', true);
  const runbook = text('runbook', true);
  return {
    schemaVersion: 1,
    environment: text('environment'),
    source: oneOf<NoticeSource>('source', SOURCES, 'other'),
    key: text('key'),
    fact: text('fact'),
    status: oneOf<NoticeStatus>('status', STATUSES, 'once'),
    urgency: oneOf<Urgency>('urgency', URGENCIES, 'warning'),
    at: isWhole(at) ? at : 0,
    title: text('title'),
    happened: texts('happened'),
    ...(spend && { spend }),
    todo: texts('todo'),
    ...(who !== '' && { who }),
    ...(runbook !== '' && { runbook }),
  };
}

/** Of a Date. */
const LATEST = 8_640_000_000_000_000;

function spendFrom(value: unknown, wrong: string[]): NoticeSpend | undefined {
  if (value === undefined) return undefined;
  const { amount, limit, lowerBound } = isObject(value) ? value : {};
  if (!isWhole(amount) || !isWhole(limit) || (lowerBound !== undefined && typeof lowerBound !== 'boolean')) {
    wrong.push(`spend must be {amount, limit} in nano-dollars, got ${shown(value)}`);
    return undefined;
  }
  return {
    amount: nanoUsd(amount),
    limit: nanoUsd(limit),
    ...(lowerBound !== undefined && { lowerBound }),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

/** Short: it goes into a log. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
