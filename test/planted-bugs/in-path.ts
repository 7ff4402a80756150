import type { PlantedBug } from './bugs';

/** Of the in-path plugin: what its own tests must see. */
export const IN_PATH_BUGS: readonly PlantedBug[] = [
  {
    name: 'the condition on what remains is dropped from the write',
    file: 'client/adapters/dynamodb-ledger-store.ts',
    from: '...(needs === undefined ? {} : { atLeast: { remaining: needs } }),',
    to: '',
  },
  {
    name: 'settled in full where the usage is known',
    file: 'client/settle.ts',
    from: 'await call.charge.settle(proved);',
    to: 'await call.charge.settleInFull();',
  },
  {
    name: 'an answer without usage is free',
    file: 'client/settle.ts',
    from: 'await call.charge.settleInFull(proved);',
    to: 'await call.charge.giveBack();',
  },
  {
    name: 'an attempt that may have been billed hands its reservation on',
    file: 'client/attempt.ts',
    from: 'if (call.dispatched && !failure.free) await call.charge.settleInFull();',
    to: 'void failure.free;',
  },
  {
    name: 'a throttle is charged',
    file: 'core/in-path/failures.ts',
    from: 'const free = status === UNAVAILABLE || (status >= 400 && status < 500 && !MAY_HAVE_RUN.includes(status));',
    to: 'const free = status === UNAVAILABLE && MAY_HAVE_RUN.includes(status);',
  },
  {
    name: 'a missing maxTokens is left to the model',
    file: 'client/prepare.ts',
    from: 'const maxTokens = toSet(limit) ?? shape.maxTokens;',
    to: 'const maxTokens = shape.maxTokens;',
  },
  {
    name: "the caller's own input is changed",
    file: 'client/prepare.ts',
    from: 'input: { ...input, modelId, ...(asIs ?',
    to: 'input: { ...Object.assign(input, { modelId }), ...(asIs ?',
  },
  {
    name: 'the cache is written at the price of reading the prompt',
    file: 'core/in-path/amount.ts',
    from: 'amount: add(nanoUsd(Math.max(read, written)), answers)',
    to: 'amount: add(read, answers)',
  },
  {
    name: 'a stream that is left is not settled',
    file: 'client/metered-stream.ts',
    from: 'if (end === undefined) void leave(it).catch(() => {});',
    to: 'void leave;',
  },
  {
    name: 'a stream that is never read is not settled',
    file: 'client/metered-stream.ts',
    from: 'if (left <= 1) this.over();',
    to: 'if (left <= 1) void this.over;',
  },
  {
    name: 'a stream that is left keeps its connection',
    file: 'client/metered-stream.ts',
    from: "if (how !== 'read') watch.close();",
    to: 'void watch.close;',
  },
  {
    name: 'stopped is as good as degraded',
    file: 'client/guard.ts',
    from: "if (status.desired !== 'stopped') return status.desired;",
    to: "if (status.desired !== 'stopped') return status.desired; else return 'degraded';",
  },
  {
    name: 'an old word of the meter counts',
    file: 'client/status.ts',
    from: 'return this.last && this.now() - this.last.asOf <= STALE_MS ? this.last : undefined;',
    to: 'return this.last;',
  },
  {
    name: 'an answer that was cut off is kept',
    file: 'core/in-path/whole-answer.ts',
    from: "...['end_turn', 'stop_sequence', 'tool_use'],",
    to: "...['end_turn', 'stop_sequence', 'tool_use', 'max_tokens'],",
  },
  {
    name: 'an answer of a stand-in is kept for those who ask for the model',
    file: 'client/guard.ts',
    from: 'preferred && candidateName(candidate) === candidateName(preferred) ? keeping : undefined,',
    to: 'preferred || candidateName(candidate) ? keeping : undefined,',
  },
  {
    name: 'the request that is sent is not the one that was priced',
    file: 'client/attempt.ts',
    from: 'if (!goesTo(path, call.target))',
    to: 'if (false as boolean)',
  },
  {
    name: 'InvokeModel is rerouted',
    file: 'client/candidates.ts',
    from: 'if (tier !== undefined && isConverse(operation)) {',
    to: 'if (tier !== undefined && operation) {',
  },
  {
    name: 'two questions of the same mark share an answer in flight',
    file: 'client/cache/answer-cache.ts',
    from: 'fingerprint === question.fingerprint',
    to: "fingerprint !== '' && question.fingerprint !== ''",
  },
  {
    name: 'what came of a message before its connection broke is lost',
    file: 'client/http/frames.ts',
    from: 'if (pending.length > 0) yield { raw: pending };\n    throw error;',
    to: 'throw error;',
  },
  {
    name: 'a long context without a price passes',
    file: 'core/in-path/amount.ts',
    from: 'inputTokens > LONG_CONTEXT) {',
    to: 'inputTokens > LONG_CONTEXT * 1_000) {',
  },
];
