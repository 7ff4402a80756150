import { DAY_MS, dayStart, utcDay, type UtcDay } from '../calendar';
import type { ModelLifecycle } from './ports';
import type { ExtendedAccess } from '../meter';
import type { CheckedModel } from './checked-model';
import { LIFECYCLE_NOTICE_DAYS } from './lifecycle';
import type { Answer, Finding } from './finding';

/**
 * From its extended access on a model may cost more than any list says (trap 50: a Claude doubled). Nothing to say where
 * neither Bedrock nor the catalogue has a date.
 */
export function assessListPrice(model: CheckedModel, answer: Answer<ModelLifecycle>, now: number): readonly Finding[] {
  const from = extendedAccessOf(model, answer);
  if (from === undefined) return [];
  const base = { check: 'list-price', subject: model.id } as const;
  const begun = from.atMs <= now;
  const when = `extended access ${begun ? 'since' : 'from'} ${utcDay(from.atMs)} by ${from.by}`;
  if (model.ownPrice) return [{ ...base, status: 'ok', detail: `${when}; the config has a price of its own` }];
  const detail = `${when}: a higher price may apply, and no list has it`;
  if (!begun && from.atMs - now > LIFECYCLE_NOTICE_DAYS.act * DAY_MS) return [{ ...base, status: 'ok', detail }];
  const move = model.replacement ? `move to ${model.replacement}` : 'move to an active model';
  return [
    {
      ...base,
      status: 'warning',
      detail: begun ? `${detail}: what it is counted at is a lower bound` : detail,
      fix: `put the price of that date into prices of the config, with its source and date; or ${move}`,
      tell: begun ? 'untrusted' : 'soon',
    },
  ];
}

/**
 * What the meter is to know: the dates of all models that a list prices. Where Bedrock was not asked, the date that was known
 * before stands.
 */
export function extendedAccessDates(
  models: readonly { readonly model: CheckedModel; readonly lifecycle: Answer<ModelLifecycle> }[],
  before: ExtendedAccess,
): ExtendedAccess {
  return Object.fromEntries(
    models.flatMap(({ model, lifecycle }) => {
      if (model.ownPrice) return [];
      const now = extendedAccessOf(model, lifecycle)?.atMs;
      const kept = lifecycle.kind === 'unavailable' ? before[model.id] : undefined;
      const earliest = [now, kept].filter((at) => at !== undefined).sort((a, b) => a - b)[0];
      return earliest === undefined ? [] : [[model.id, earliest] as const];
    }),
  );
}

/** The earlier of the two counts. */
function extendedAccessOf(
  { extendedAccessFrom }: CheckedModel,
  answer: Answer<ModelLifecycle>,
): { readonly atMs: number; readonly by: string } | undefined {
  const byBedrock = answer.kind === 'known' ? answer.value.extendedAccessMs : undefined;
  const all = [
    ...(byBedrock === undefined ? [] : [{ atMs: byBedrock, by: 'Bedrock' }]),
    ...(extendedAccessFrom === undefined
      ? []
      : [{ atMs: dayStart(extendedAccessFrom as UtcDay), by: 'the catalogue' }]),
  ];
  return all.sort((a, b) => a.atMs - b.atMs)[0];
}
