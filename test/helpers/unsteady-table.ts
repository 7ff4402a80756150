import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { between, type Random } from '../../simulator/random';
import { copied, type DynamoDbFake } from './dynamodb-fake';
import type { UnsteadyProcess } from './unsteady-process';
import type { VirtualTime } from './virtual-time';

export interface Losses {
  /** Chance for each message. */
  readonly lostRequests?: number;
  readonly lostAnswers?: number;
  /** Written long after its sender gave it up. */
  readonly lateRequests?: number;
  /** Where a planted bug alters what is written. */
  readonly tamper?: (command: unknown, run: (command: unknown) => unknown, random: Random) => unknown;
}

interface Way {
  readonly table: DynamoDbFake;
  readonly time: VirtualTime;
  readonly random: Random;
  /** Told of each command that was carried out. */
  readonly done: (command: unknown) => void;
}

/** A table as one process reaches it: on the way messages take their time, come late, or are lost. */
export function unsteadyTable(
  process: UnsteadyProcess,
  { table, time, random, done }: Way,
  { lostRequests = 0, lostAnswers = 0, lateRequests = 0, tamper = (command, run) => run(command) }: Losses,
): DynamoDBDocumentClient {
  const send = (command: unknown) =>
    new Promise((resolve, reject) => {
      if (process.dead) return;
      const there = between(random, 2, 20);
      const back = between(random, 2, 20);
      const fate = random();
      const late = lostRequests + lateRequests;
      const unanswered = late + lostAnswers;
      const run = () => tamper(command, (sent) => table.run(sent), random);
      if (fate < unanswered) process.after(1000, () => reject(new Error('the answer is lost')));
      if (fate < lostRequests) return;
      time.after(fate < late ? between(random, 500, 8000) : there, () => {
        let answer: () => void;
        try {
          const result = copied(run());
          done(command);
          answer = () => resolve(result);
        } catch (error) {
          answer = () => reject(error as Error);
        }
        if (fate >= unanswered) process.after(back, answer);
      });
    });
  return { send } as unknown as DynamoDBDocumentClient;
}
