/** An amount of US dollars, checked by what takes it. */
export class Usd {
  /** @param dollars with at most two decimals, such as 50 or 12.5 */
  static of(dollars: number): Usd {
    return new Usd(dollars);
  }

  private constructor(
    /** As it was given. */
    readonly dollars: number,
  ) {}
}

/** Short for `Usd.of`. */
export function usd(dollars: number): Usd {
  return Usd.of(dollars);
}
