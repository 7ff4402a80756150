import type { CallUsage } from './ports';
import type { CallContext, CheckedModel } from './checked-model';
import { explainRefusal, type Explanation } from './explain-refusal';
import { problemWords, type Answer, type Finding } from './finding';
import { denies, ownDeny } from './guard-state';

/**
 * Only a call proves access: Bedrock still describes models that it no longer answers for (trap 26). The status comes
 * from the kind of refusal, the policies in effect and the meter's state; its reason only helps to explain.
 */
export function assessModelCall(model: CheckedModel, call: Answer<CallUsage>, context: CallContext): Finding {
  const finding = (status: Finding['status'], explanation: Explanation, tell?: string): Finding => ({
    check: 'model-call',
    subject: model.id,
    status,
    latencyMs: call.latencyMs,
    ...explanation,
    ...(tell ? { tell } : {}),
  });
  if (call.kind === 'known') return assessAnswered(model, call.value, context, finding);

  const { problem } = call;
  const broken = model.optional ? 'warning' : 'failed';
  switch (problem.refusal) {
    case 'accessDenied': {
      const own = ownDeny(model.tier, context.guard);
      if (own.kind === 'expected') return finding('expected', { detail: `denied by the guard itself: ${own.why}` });
      if (own.kind === 'drifted') {
        return finding(
          'warning',
          {
            detail: `denied by the guard itself: ${own.why}`,
            fix: 'the meter changes the switch in its next tick; if it does not, see "drift" in docs/runbook.md',
          },
          'drifted',
        );
      }
      const explanation = explainRefusal(model, problem, context);
      if (own.kind === 'none') return finding(broken, explanation);
      const untold = `whether by the guard itself cannot be told: ${own.why}`;
      return finding('unknown', { ...explanation, detail: `${explanation.detail}; ${untold}` });
    }
    case 'notFound':
    case 'invalid':
      return finding(broken, explainRefusal(model, problem, context));
    // The call was authorised before it was throttled, but nobody saw an answer.
    case 'throttled':
      return finding('unknown', {
        detail: `not checked: ${problemWords(problem)}`,
        fix: "if it stays: the model's quota of tokens or requests a minute is used up; see Service Quotas, Amazon Bedrock",
      });
    case 'timedOut':
    case 'unavailable':
      return finding('warning', { detail: `no answer: ${problemWords(problem)}` });
    case 'other':
      return finding('unknown', { detail: `not checked: ${problemWords(problem)}` });
  }
}

/** A model that could not be called because there was nobody to call it as. */
export function modelNotCalled(model: CheckedModel): Finding {
  return {
    check: 'model-call',
    subject: model.id,
    status: 'unknown',
    detail: 'not called: the invoker role could not be assumed',
  };
}

function assessAnswered(
  model: CheckedModel,
  { inputTokens, outputTokens }: CallUsage,
  { guard }: CallContext,
  finding: (status: Finding['status'], explanation: Explanation, tell?: string) => Finding,
): Finding {
  const answered = `answered (${inputTokens} tokens in, ${outputTokens} out)`;
  const own = ownDeny(model.tier, guard);
  if (own.kind === 'drifted' || (own.kind === 'expected' && own.told)) {
    return finding('warning', {
      detail: `${answered} although the guard denies it: ${own.why}`,
      fix: 'IAM needs some seconds; if the next run says the same, the deny does not cover this model',
    });
  }
  const { desired } = guard;
  const isWanted = desired.kind === 'known' && desired.value !== undefined && denies(desired.value, model.tier);
  if (own.kind === 'none' && isWanted) {
    return finding(
      'warning',
      {
        detail: `${answered} although the meter wants it denied: ${own.why}`,
        fix: 'the meter puts it right in its next tick, unless it only rehearses (enforce: false)',
      },
      'not-enforced',
    );
  }
  return finding('ok', { detail: answered });
}
