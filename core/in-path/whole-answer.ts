import { list, record } from './json';
import { stopReasons } from './stop-reasons';

/** Why a model stopped, where its answer is whole; in the words of Converse and of the models' own bodies. */
const WHOLE = new Set([
  ...['end_turn', 'stop_sequence', 'tool_use'],
  ...['stop', 'tool_calls', 'COMPLETE', 'FINISH', 'eos_token'],
]);
const WANTS_TOOL = new Set(['tool_use', 'tool_calls']);

type Json = Readonly<Record<string, unknown>>;

/**
 * Whether an answer, or all events of a stream together, say something to the end: text that is not blank, calls of tools
 * that are whole, or other content, and a reason to stop that is none of a cut or a refusal. Bedrock sometimes ends a turn
 * with no content, which a retry mends (facts, trap 57).
 */
export class WholeAnswer {
  private readonly choices = new Map<unknown, Choice>();
  private readonly reasons: string[] = [];
  private refused = false;

  get whole(): boolean {
    const choices = [...this.choices.values()];
    const tools = choices.some(({ usesTools }) => usesTools);
    return (
      !this.refused &&
      this.reasons.length > 0 &&
      this.reasons.every((reason) => WHOLE.has(reason) && (tools || !WANTS_TOOL.has(reason))) &&
      choices.length > 0 &&
      choices.every(({ says }) => says)
    );
  }

  /** @param json an output of Converse, an event of its stream, a body of InvokeModel, or a chunk of its stream */
  add(json: unknown): this {
    const found = record(json);
    this.reasons.push(...stopReasons(found));
    this.addBlocks(found['content'], 0);
    this.addBlocks(record(record(found['output'])['message'])['content'], 0);
    for (const name of ['completion', 'generation', 'outputText']) this.addText(found[name], 0);
    this.addEvent(found);
    for (const [index, choice] of list(found['choices']).map(record).entries()) {
      this.addChoice(choice, choice['index'] ?? index);
    }
    for (const name of ['results', 'outputs']) {
      for (const [index, one] of list(found[name]).map(record).entries()) {
        this.choice(index).text += textOf(one['outputText'] ?? one['text']);
      }
    }
    return this;
  }

  /** An event of ConverseStream, Nova's or Anthropic's. */
  private addEvent(event: Json): void {
    const { index, content_block: block, delta } = event;
    const [first, more] = [record(event['contentBlockStart']), record(event['contentBlockDelta'])];
    for (const [at, part] of [
      [first['contentBlockIndex'], first['start']],
      [more['contentBlockIndex'], more['delta']],
      [index, block],
      [index, delta],
    ]) {
      if (part !== undefined) this.addBlock(record(part), at, true, 0);
    }
  }

  private addChoice(choice: Json, index: unknown): void {
    const into = this.choice(index);
    into.text += textOf(choice['text']);
    for (const said of [record(choice['message']), record(choice['delta'])]) {
      if (typeof said['content'] === 'string') into.text += said['content'];
      else this.addBlocks(said['content'], index);
      if (textOf(said['refusal']) !== '') this.refused = true;
      for (const [at, call] of list(said['tool_calls']).map(record).entries()) {
        const { name, arguments: input } = record(call['function']);
        into.tool(call['index'] ?? at, name, input);
      }
    }
  }

  private addText(text: unknown, choice: unknown): void {
    if (typeof text === 'string') this.choice(choice).text += text;
  }

  private addBlocks(blocks: unknown, choice: unknown): void {
    for (const [index, block] of list(blocks).entries()) {
      if (typeof block === 'string') this.addText(block, choice);
      else this.addBlock(record(block), index, false, choice);
    }
  }

  /** @param begins of a stream, whose later events fill its input */
  private addBlock(block: Json, index: unknown, begins: boolean, choice: unknown): void {
    const into = this.choice(choice);
    const { type, text, toolUse, partial_json } = block;
    if (typeof text === 'string') into.text += text;
    else if (toolUse !== undefined)
      into.tool(index, record(toolUse)['name'], begins ? record(toolUse)['input'] : (record(toolUse)['input'] ?? null));
    else if (type === 'tool_use') into.tool(index, block['name'], begins ? undefined : (block['input'] ?? null));
    else if (typeof partial_json === 'string') into.tool(index, undefined, partial_json);
    else if (isOther(block)) into.other = true;
  }

  private choice(index: unknown): Choice {
    const found = this.choices.get(index) ?? new Choice();
    this.choices.set(index, found);
    return found;
  }
}

class Choice {
  text = '';
  other = false;
  private readonly tools = new Map<unknown, { name: string; input: unknown }>();

  get usesTools(): boolean {
    return this.tools.size > 0;
  }

  get says(): boolean {
    const calls = [...this.tools.values()];
    return calls.every(isWholeCall) && (calls.length > 0 || this.other || visible(this.text));
  }

  tool(index: unknown, name: unknown, input: unknown): void {
    const found = this.tools.get(index) ?? { name: '', input: '' };
    found.name ||= textOf(name);
    if (typeof input === 'string' && typeof found.input === 'string') found.input += input;
    else if (input !== undefined) found.input = input;
    this.tools.set(index, found);
  }
}

/** Streams give the input in pieces of JSON text; that of a tool without parameters may have none. */
function isWholeCall({ name, input }: { readonly name: string; readonly input: unknown }): boolean {
  if (name === '') return false;
  if (typeof input !== 'string') return isObject(input);
  if (input === '') return true;
  try {
    return isObject(JSON.parse(input));
  } catch {
    return false;
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Blank text is none, nor is what a model thought before it spoke. */
function visible(text: string): boolean {
  const spoken = text.replace(/<(reasoning|think|thinking)>[\s\S]*?(<\/\1>|$)/g, '');
  return spoken.trim() !== '';
}

const NO_CONTENT = /thinking|reasoning|signature|citation/i;

/** Images and the like, by a member of Converse or a `type`: content without text. */
function isOther(block: Json): boolean {
  const { type, citationsContent } = block;
  if (citationsContent !== undefined)
    return list(record(citationsContent)['content']).some((part) => visible(textOf(record(part)['text'])));
  if (typeof type === 'string') return !NO_CONTENT.test(type) && type !== 'text' && !type.endsWith('_delta');
  return ['image', 'audio', 'video', 'document'].some((name) => name in block);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
