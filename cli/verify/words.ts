import { formatUsd } from '../../core/money';
import { ROWS, type StepRecord, STEPS, type VerifiedRecord } from '../../core/verify';
import type { Line } from '../result';
import type { MadeThing } from './made';
import { type Offer, sumOf } from './options';

/** What a step will do, before anybody is asked. */
export function offerLines({ step, worst, isWithin }: Offer, most: string): readonly Line[] {
  const { question, creates, calls, takes, who } = STEPS[step];
  return [
    `${step}: ${question}`,
    `  makes, for a while: ${creates.join('; ')}`,
    `  calls: ${calls}`,
    `  takes ${takes}; costs ${formatUsd(worst)} at worst; for ${who}`,
    ...(isWithin
      ? []
      : [
          {
            text: `  refused: with what comes before it, it could cost more than ${most} (--at-most)`,
            tone: 'warning' as const,
          },
        ]),
  ];
}

export function sumLine(all: readonly Offer[]): Line {
  return `All of them cost ${formatUsd(sumOf(all))} at worst.`;
}

export function recordLines({ steps }: VerifiedRecord): readonly Line[] {
  return steps.flatMap((one) => stepLines(one));
}

function stepLines({ step, outcome, why, findings, reckonedCost }: StepRecord): readonly Line[] {
  return [
    `${step}: ${outcome}, ${formatUsd(reckonedCost)}`,
    ...(why === undefined ? [] : [{ text: `  ${why}`, tone: 'bad' as const }]),
    ...findings.map(({ row, verdict, text }): Line => {
      const said = { shown: 'shown', otherwise: 'shown otherwise', unsettled: 'not settled' }[verdict];
      return {
        text: `  ${ROWS[row]}: ${said}: ${text}`,
        tone: verdict === 'shown' ? 'good' : 'warning',
      };
    }),
  ];
}

/** Everything that was made, and what has become of it. */
export function thingLines(things: readonly MadeThing[]): readonly Line[] {
  if (things.length === 0) return ['nothing was made'];
  return [
    'made:',
    ...things.map(({ kind, name, now, why }): Line => {
      const became = {
        removed: 'removed',
        'not there': 'not there',
        waits: 'waits for the next run of its step',
        left: `could not be removed (${why ?? ''}): run spend-guard verify --clean`,
      }[now];
      const text = `  ${kind} ${name}: ${became}`;
      return now === 'left' ? { text, tone: 'bad' } : text;
    }),
  ];
}
