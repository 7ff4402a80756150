/** Within two seconds. */
export async function soon(holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 2_000 && !holds(); waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(holds()).toBe(true);
}
