const REASONS = ['stopReason', 'stop_reason', 'finish_reason', 'completionReason'];
/** Where models' own formats have them: in the body, a choice, a result, an output, a delta or an event. */
const AROUND = ['choices', 'results', 'outputs', 'delta', 'messageStop', 'message'];

/** Why a model stopped, as often as its answer, or one chunk of it, says so. What it says itself in its content is not read. */
export function stopReasons(answer: unknown): readonly string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  if (Array.isArray(answer)) return answer.flatMap(stopReasons);
  const found: string[] = [];
  const fields = answer as Readonly<Record<string, unknown>>;
  for (const name of REASONS) if (typeof fields[name] === 'string') found.push(fields[name]);
  for (const name of AROUND) if (name in fields) found.push(...stopReasons(fields[name]));
  return found;
}
