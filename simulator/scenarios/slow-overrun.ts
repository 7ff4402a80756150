import type { Scenario } from './scenario';

export const slowOverrun: Scenario = {
  name: 'slow-overrun',
  title: 'A slow overrun',
  story: [
    'Usage grows a little every day; the last day uses four times the first. Left alone, it would reach 150% of each limit.',
    'Where a person must approve the stop, that takes them four hours.',
  ],
  demand: () => [{ kind: 'office', percentOfLimit: 150, growth: 4 }],
  approval: { afterHours: 4 },
};
