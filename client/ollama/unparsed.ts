import { list, record } from '../../core/in-path';

/** How models of the tool templates begin a call that Ollama did not recognise as one. */
const MARKS = ['<tool_call', '[TOOL_CALLS]', '<|python_tag|>', '<function', '<|tool'];

/** Names of the tools that a ConverseRequest offers. */
export function toolNames(input: object): readonly string[] {
  return list(record(record(input)['toolConfig'])['tools']).flatMap((tool) => {
    const { name } = record(record(tool)['toolSpec']);
    return typeof name === 'string' ? [name] : [];
  });
}

/** Whether text that begins so may turn out to be a call: it is not given on before it is known. */
export function mayBeCall(text: string, tools: readonly string[]): boolean {
  return tools.length > 0 && /^\s*($|[[{<`])/.test(text);
}

/** A call of a tool that came as text, which a caller would show to his user instead of making it. */
export function isUnparsedCall(text: string, tools: readonly string[]): boolean {
  if (tools.length === 0) return false;
  const bare = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, '');
  if (MARKS.some((mark) => bare.startsWith(mark))) return true;
  try {
    const parsed: unknown = JSON.parse(bare);
    return (Array.isArray(parsed) ? parsed : [parsed]).some((call) => namesTool(call, tools));
  } catch {
    return tools.some((name) => /^[[{]/.test(bare) && bare.slice(0, 200).includes(`"name": "${name}"`));
  }
}

function namesTool(call: unknown, tools: readonly string[]): boolean {
  const found = record(call);
  const name = found['name'] ?? found['function'] ?? record(found['function'])['name'];
  return tools.some((tool) => tool === name || tool === record(found['function'])['name']);
}
