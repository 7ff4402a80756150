import { PassThrough } from 'node:stream';
import { confirm, askOnTerminal, replyOnTerminal } from '../../cli/prompt';

const terminal = () => Object.assign(new PassThrough(), { isTTY: true });

/** Asks, and types. */
async function asked(typed: string) {
  const [input, output] = [terminal(), terminal()];
  const answer = askOnTerminal('Sure? ', input, output);
  input.write(typed);
  return { answer: await answer, shown: String(output.read()) };
}

test.each([
  ['y\n', 'y'],
  [' no \n', ' no '],
  ['\n', ''],
])('what is typed is the answer: %p', async (typed, expected) => {
  const { answer, shown } = await asked(typed);
  expect(answer).toBe(expected);
  expect(shown).toContain('Sure? ');
});

test.each([
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
])('%s breaks off, which is no consent', async (_, typed) => {
  const { answer } = await asked(typed);
  expect(answer).toBe('');
  await expect(confirm('Sure?', false, async () => answer)).rejects.toMatchObject({ code: 'DECLINED' });
});

test.each([
  ['Enter alone is an answer', '\n', { kind: 'typed', text: '' }],
  ['a line', 'yes\n', { kind: 'typed', text: 'yes' }],
  ['Ctrl+C', '\u0003', { kind: 'brokenOff' }],
  ['Ctrl+D', '\u0004', { kind: 'brokenOff' }],
])('whoever needs to know tells it from breaking off: %s', async (_, typed, expected) => {
  const [input, output] = [terminal(), terminal()];
  const reply = replyOnTerminal('Sure? ', input, output);
  input.write(typed);
  expect(await reply).toEqual(expected);
});

test.each([
  ['a pipe for an answer', false, true],
  ['nobody who sees the question', true, false],
])('%s: nobody can be asked', async (_, isInput, isOutput) => {
  const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });
  expect(await askOnTerminal('Sure? ', stream(isInput), stream(isOutput))).toBeUndefined();
  expect(await replyOnTerminal('Sure? ', stream(isInput), stream(isOutput))).toEqual({ kind: 'nobody' });
});
