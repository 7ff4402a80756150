const PATIENCE_MS = 60_000;

/** As soon as it does: a slow machine is waited for, a hang is told. */
export async function soon(holds: () => boolean): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && !holds();)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}
