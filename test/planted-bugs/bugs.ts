/** A mistake that somebody could make: one place of the product changed. The fault schedules, or the meter's own tests, must see it. */
export interface PlantedBug {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once. */
  readonly from: string;
  readonly to: string;
}

export const BUGS: readonly PlantedBug[] = [
  {
    name: 'the conditional write removed',
    file: 'simulator/world/meter-store.ts',
    from: 'if ((this.months.get(state.month)?.revision ?? 0) !== replaces) {',
    to: 'if (replaces < 0) {',
  },
  {
    name: 'a conflict at the write ignored',
    file: 'lambda/spend-meter/handler.ts',
    from: "if (error instanceof GuardError && error.code === 'STATE_CONFLICT') return { kind: 'skipped', why: 'superseded' };",
    to: "if (error instanceof GuardError && error.code === 'STATE_CONFLICT') void 0; else",
  },
  {
    name: 'month-start re-evaluation removed',
    file: 'core/decision/holds.ts',
    from: "    case 'threshold':\n    case 'degrade':\n      return sameMonth &&",
    to: "    case 'threshold':\n    case 'degrade':\n      return",
  },
  {
    name: '"not Complete" read as it is',
    file: 'lambda/spend-meter/full-read.ts',
    from: "if (first.kind === 'incomplete') return first;",
    to: "if (first.kind === 'incomplete') return { kind: 'complete', series: [] };",
  },
  {
    name: 'reads only what is listed',
    file: 'lambda/spend-meter/full-read.ts',
    from: 'const signs = firstSigns(configuredIds(env), env.METER_REGIONS);',
    to: 'const signs: readonly SeriesId[] = [];',
  },
  {
    name: 'only the first signs are asked for by name',
    file: 'lambda/spend-meter/full-read.ts',
    from: 'const more = without(whereShown(ids, configuredIds(env)), wanted);',
    to: 'const more: readonly SeriesId[] = [];',
  },
  {
    name: 'a new month waits for the listing',
    file: 'lambda/spend-meter/full-read.ts',
    from: 'const last = without(before ?? [], series);',
    to: 'const last: readonly SeriesId[] = [];',
  },
  {
    name: 'the canary is judged by the listing',
    file: 'lambda/spend-meter/full-read.ts',
    from: '      signs,\n      canaries,\n',
    to: '      signs,\n',
  },
  {
    name: 'a service that is down read as nothing spent',
    file: 'lambda/spend-meter/full-read.ts',
    from: "const reading = { kind: 'unknown', why: `${error.errorName} from AWS` } as const;",
    to: "const reading = { kind: 'complete', readAt: now, month, series: [] } as const;",
  },
  {
    name: 'what is spent may fall within a month',
    file: 'core/meter/assess.ts',
    from: 'const monthToDate = max(raw, kept?.monthToDate ?? ZERO);',
    to: 'const monthToDate = raw;',
  },
  {
    name: "a neighbour's usage counted",
    file: 'core/meter/resolve.ts',
    from: 'const claimedBy = profile?.environment ??',
    to: 'const claimedBy = profile ? environment : undefined ??',
  },
  {
    name: "a neighbour's deleted profile forgotten",
    file: 'lambda/meter-usage.ts',
    from: 'if (environment !== undefined && environment !== ENVIRONMENT) return `${OWNER}${environment}`;',
    to: 'if (environment !== undefined && environment !== ENVIRONMENT) return known;',
  },
  {
    name: 'what has no price is no lower bound',
    file: 'core/meter/assess.ts',
    from: "kind: 'unlisted',\n          understates: true,",
    to: "kind: 'unlisted',\n          understates: false,",
  },
  {
    name: 'a listed model at no price of its own',
    file: 'core/meter/resolve.ts',
    from: "(listed ? { kind: 'listed', modelId: listed.baseId, price: listed.price } : { kind: 'unattributed' })",
    to: "{ kind: 'unattributed' }",
  },
  {
    name: 'the outbox emptied before sending',
    file: 'lambda/spend-meter/act.ts',
    from: 'await sendAll(deps, env, meant.outbox, attempt, now)',
    to: 'await sendAll(deps, env, meant.outbox.slice(state.outbox.length), attempt, now)',
  },
  {
    name: 'what a tick finds while it acts is sent before it is written',
    file: 'lambda/spend-meter/act.ts',
    from: 'if (alerts.length > 0) await deps.state.save(meant, state.revision);',
    to: 'Object.assign(meant, { revision: state.revision });',
  },
  {
    name: 'alerts of one time, though the clock was set back',
    file: 'lambda/spend-meter/alerts.ts',
    from: 'const first = Math.max(now, (lastAt ?? 0) + 1);',
    to: 'const first = now;',
  },
  {
    name: 'the grace period ends without a word',
    file: 'core/decision/alerts-due.ts',
    from: 'if (before === undefined || change !== undefined) return [];',
    to: 'return [];',
  },
  {
    name: 'the claim ignored',
    file: 'lambda/spend-meter/handler.ts',
    from: 'if (before && before.claimedUntil > now && before.claimedUntil <= now + CLAIM_MS) {',
    to: 'if (before && before.claimedUntil > now + CLAIM_MS) {',
  },
  {
    name: 'a call reckoned at half of its most',
    file: 'core/meter/pacing.ts',
    from: 'timesUpTo(bound.mostACall, bound.calls * bound.calibration);',
    to: 'timesUpTo(bound.mostACall, (bound.calls * bound.calibration) / 2);',
  },
  {
    name: 'calls taken for seen before their tokens can be',
    file: 'core/meter/calls.ts',
    from: 'metricDelayMinutes + longestGenerationMinutes + SLACK_MINUTES;',
    to: 'metricDelayMinutes + SLACK_MINUTES;',
  },
  {
    name: 'a meter that never says that it lives',
    file: 'lambda/spend-meter/work.ts',
    from: 'age < 0 || age >= HEARTBEAT_MS - JITTER_MS',
    to: 'age < 0',
  },
  {
    name: 'a second look that claims a whole tick',
    file: 'lambda/spend-meter/evaluate.ts',
    from: 'now + (again ? AGAIN_CLAIM_MS : CLAIM_MS)',
    to: 'now + CLAIM_MS',
  },
  {
    name: 'an override that never ends',
    file: 'core/stop-lines/override.ts',
    from: 'return override !== undefined && now < overrideEnd(override) ? override : undefined;',
    to: 'return override !== undefined && now < Number.POSITIVE_INFINITY ? override : undefined;',
  },
  {
    name: 'blind stops although it should page',
    file: 'core/decision/decide.ts',
    from: "blind !== undefined && input.onBlind === 'stop' &&",
    to: 'blind !== undefined &&',
  },
  {
    name: 'a leak never told',
    file: 'core/enforcement/leak.ts',
    from: '.filter(({ amount }) => amount > ZERO);',
    to: '.filter(({ amount }) => amount < ZERO);',
  },
  {
    name: 'stopped just above the line instead of at it',
    file: 'core/stop-lines/triggers.ts',
    from: 'if (spend >= lines.stop) {',
    to: 'if (spend > lines.stop) {',
  },
  {
    name: 'activity alarm: relied on as it was, whatever became of it',
    file: 'core/meter/told.ts',
    from: '  const every = isSettling ? MINUTE_MS : LOOK_MS;',
    to: '  const every = isSettling ? MINUTE_MS : 1000 * LOOK_MS;',
  },
  {
    name: 'activity alarm: an edited one relied on',
    file: 'core/meter/told.ts',
    from: "  if (differences.length > 0) return { kind: 'edited', text: differences.join('; ') };",
    to: '',
  },
  {
    name: 'activity alarm: its event leaves no mark',
    file: 'lambda/spend-meter/handler.ts',
    from: '    if (asked.told) await deps.toldMark.put(now);',
    to: '',
  },
  {
    name: 'activity alarm: at rest as soon as the gate shows nothing new',
    file: 'core/meter/told.ts',
    from: "  const atRest = isDescribed(alarm) && alarm.state === 'OK';",
    to: '  const atRest = isDescribed(alarm);',
  },
  {
    name: 'activity alarm: calls that were known before it was relied on are forgotten',
    file: 'lambda/spend-meter/read.ts',
    from: 'unseen: seen === undefined ? told?.unseen : unseenOf(gate, seen, now)',
    to: 'unseen: unseenOf(gate, seen ?? [], now)',
  },
];
