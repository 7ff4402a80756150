import type { Judged, RowFinding } from '../rows';

export type Answer =
  | { readonly kind: 'answered' }
  /** `reason`: what the guard makes of the words. */
  | { readonly kind: 'refused'; readonly errorName: string; readonly text: string; readonly reason?: string };

export interface LegacyRefusalReadings {
  readonly modelId: string;
  /** Bedrock's own word; absent: it was not to be had. */
  readonly status?: 'active' | 'legacy';
  readonly call: Answer;
  /** CreateInferenceProfile. */
  readonly profile: Answer;
}

export function judgeLegacyRefusal(readings: LegacyRefusalReadings): Judged {
  return { findings: [words(readings), profile(readings)], readings: { ...readings }, numbers: {} };
}

function words({ modelId, status, call }: LegacyRefusalReadings): RowFinding {
  const row = 'legacy-words';
  if (call.kind === 'answered') {
    return {
      row,
      verdict: 'unsettled',
      text: `${modelId} (${status ?? 'status unknown'}) still answers in this account`,
    };
  }
  const said = `${modelId}: ${call.errorName}: ${call.text}`;
  // Another refusal, such as for want of permission, says nothing of Legacy models.
  if (status === 'active') return { row, verdict: 'unsettled', text: `Bedrock calls it active; ${said}` };
  if (call.reason === 'legacy') return { row, verdict: 'shown', text: said };
  if (call.reason !== undefined)
    return { row, verdict: 'unsettled', text: `refused for another reason (${call.reason}); ${said}` };
  return /NotFound|Validation/.test(call.errorName)
    ? { row, verdict: 'otherwise', text: `words that the guard does not know: ${said}` }
    : { row, verdict: 'unsettled', text: `refused for another reason; ${said}` };
}

function profile({ modelId, status, profile: made, call }: LegacyRefusalReadings): RowFinding {
  const row = 'legacy-profile';
  if (status === 'active') return { row, verdict: 'unsettled', text: `${modelId} is active` };
  const still = call.kind === 'answered' ? ', where the model still answers' : ', where the model is refused';
  if (made.kind === 'answered') return { row, verdict: 'shown', text: `it can: ${modelId}${still}` };
  if (/AccessDenied|Throttl/.test(made.errorName)) {
    return { row, verdict: 'unsettled', text: `${modelId}: ${made.errorName}: ${made.text}` };
  }
  return { row, verdict: 'shown', text: `it cannot${still}: ${modelId}: ${made.errorName}: ${made.text}` };
}
