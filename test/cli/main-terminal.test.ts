import { Output, PROGRESS_AFTER_MS } from '../../cli/output';
import { CliWorld } from './world';

describe('colour and progress', () => {
  const failed = async (change: (world: CliWorld) => void) => {
    const world = new CliWorld();
    world.health.aws.subscriptions = [];
    change(world);
    return (await world.run('health', '--env', 'dev', '--aws-auth')).stdout;
  };

  test('colour on a terminal alone, and not with NO_COLOR', async () => {
    expect(await failed(() => undefined)).not.toContain('\u001b');
    expect(await failed((world) => (world.isTerminal = true))).toContain('\u001b[31m  failed');
    expect(
      await failed((world) => {
        world.isTerminal = true;
        world.noColor = true;
      }),
    ).not.toContain('\u001b');
  });

  describe('what takes more than a second', () => {
    beforeEach(() => jest.useFakeTimers());
    afterEach(() => jest.useRealTimers());

    const shown = (stderrIsTerminal: boolean) => {
      let stderr = '';
      const terminal = {
        stdout: () => undefined,
        stderr: (text: string) => (stderr += text),
        stdoutIsTerminal: false,
        stderrIsTerminal,
        noColor: false,
      };
      return { output: new Output(terminal, 'text'), stderr: () => stderr };
    };

    test('is announced after it, on standard error, and what is faster never', () => {
      const { output, stderr } = shown(false);
      output.progress('Asking');
      jest.advanceTimersByTime(PROGRESS_AFTER_MS - 1);
      expect(stderr()).toBe('');
      jest.advanceTimersByTime(1);
      expect(stderr()).toBe('Asking ...\n');
      output.progress('Waiting');
      expect(stderr()).toBe('Asking ...\nWaiting ...\n');
    });

    test('on a terminal the line is taken away again', () => {
      const { output, stderr } = shown(true);
      output.progress('Asking');
      jest.advanceTimersByTime(PROGRESS_AFTER_MS);
      output.result('x', { exitCode: 0, data: {}, lines: [] });
      expect(stderr()).toBe('Asking ...\r\u001b[K');
    });

    test('and nothing is left to say when it ended in time', () => {
      const { output, stderr } = shown(false);
      output.progress('Asking');
      output.result('x', { exitCode: 0, data: {}, lines: [] });
      jest.advanceTimersByTime(60_000);
      expect(stderr()).toBe('');
    });
  });
});
