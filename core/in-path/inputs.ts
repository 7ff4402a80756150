import { latencyProblem, record, tierProblem } from './json';
import type { RequestShape } from './request';

/** Of InvokeModel, beside its body; the SDK sends them as headers, which another middleware may also set by itself. */
export function withInvokeOptions(
  shape: RequestShape,
  input: object,
  headers: Readonly<Record<string, unknown>>,
): RequestShape {
  const options = record(input);
  const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const header = (name: string) => sent.get(`x-amzn-bedrock-${name}`);
  const guardrails = [
    options['guardrailIdentifier'],
    options['guardrailVersion'],
    header('guardrailidentifier'),
    header('guardrailversion'),
  ];
  const problems = [
    ...[options['serviceTier'], header('service-tier')].map(tierProblem),
    ...[options['performanceConfigLatency'], header('performanceconfig-latency')].map(latencyProblem),
  ];
  return {
    ...shape,
    guardrail: shape.guardrail || guardrails.some((value) => value !== undefined && value !== null),
    unpriced: [...shape.unpriced, ...new Set(problems.flat())],
  };
}
