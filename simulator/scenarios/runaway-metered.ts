import { runaway } from './runaway';
import type { Scenario } from './scenario';

/** The same program, with the second line in place; the days after it are as quiet as before it. */
export const runawayMetered: Scenario = {
  ...runaway,
  name: 'runaway-metered',
  title: 'The same runaway, with the meter',
  story: [
    'The same program at 03:00 UTC on the 11th. This time the meter runs each minute, and sees tokens two minutes after they were used.',
    'It stops within the hour by its runaway brake, and by the limit of the day; each midnight the day begins anew, and so does the program.',
  ],
  metered: true,
  days: 15,
};
