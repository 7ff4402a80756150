import { refusalIn, type SpendGuardRefused } from '../../client/refusal';

export async function refusalOf(send: Promise<unknown>): Promise<SpendGuardRefused> {
  const error: unknown = await send.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const refusal = refusalIn(error);
  if (!refusal) throw new Error(`not refused: ${String(error)}`);
  return refusal;
}
