import { userInfo } from 'node:os';
import { main } from '../cli/main';
import { askOnTerminal, replyOnTerminal } from '../cli/prompt';

// Whoever reads the output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`The answer could not be written (${error.code}); is there room?\n`);
  process.exit(1);
});

// Should everything end before there is an answer, then not as if all were well.
process.exitCode = 1;
void main(process.argv.slice(2), {
  terminal: {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    stdoutIsTerminal: process.stdout.isTTY,
    stderrIsTerminal: process.stderr.isTTY,
    noColor: (process.env['NO_COLOR'] ?? '') !== '',
  },
  ask: askOnTerminal,
  reply: replyOnTerminal,
  get user() {
    return userInfo().username;
  },
  node: process.version,
  now: () => Date.now(),
  stopAsked: () =>
    new Promise((resolve) => {
      let asked = false;
      for (const [signal, number] of [
        ['SIGINT', 2],
        ['SIGTERM', 15],
      ] as const) {
        process.on(signal, () => {
          // As a shell reads the end of a process by a signal.
          if (asked) process.exit(128 + number);
          asked = true;
          resolve();
        });
      }
    }),
  services: async (place) => (require('../cli/aws') as typeof import('../cli/aws')).awsServices(place),
}).then((exitCode) => {
  process.exitCode = exitCode;
});
