import type { RequestShape } from './request';

/** What becomes of the limit of a request's answer. */
export type AnswerLimit =
  /** The caller's own stays. */
  | { readonly kind: 'asked' }
  /** `otherwise`: what is enough where the budget has no room for so many. */
  | { readonly kind: 'set'; readonly maxTokens: number; readonly otherwise?: number; readonly guessed?: true }
  /** None is sent, since the model refuses one; so much is reserved. */
  | { readonly kind: 'none'; readonly reserve: number }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Which limit to send where the caller gave none: what the model itself would stop at, where a document says.
 * @param most tokens that the model's answers have at most; undefined: no document says
 * @param usual the config's default, on top of what the model may think with
 */
export function answerLimit(shape: RequestShape, most: number | undefined, usual: number): AnswerLimit {
  if (shape.maxTokens !== undefined) return { kind: 'asked' };
  if (shape.takesNoLimit === true) {
    return most === undefined
      ? {
          kind: 'unknown',
          why: 'at this reasoning effort the model takes no limit of tokens, and the config does not say its own (`maxOutputTokens`)',
        }
      : { kind: 'none', reserve: most };
  }
  const thinking = shape.thinking ?? 0;
  if (!Number.isSafeInteger(thinking) || thinking < 0) {
    return { kind: 'unknown', why: `its budget of thinking is ${String(thinking)} tokens` };
  }
  const enough = thinking + usual;
  if (most === undefined) return { kind: 'set', maxTokens: enough, guessed: true };
  // A budget above the model's own limit is refused there, with a better reason than any here.
  if (thinking >= most) return { kind: 'set', maxTokens: enough };
  return enough < most ? { kind: 'set', maxTokens: most, otherwise: enough } : { kind: 'set', maxTokens: most };
}
