/** An answer of the server's own, in the shape of Bedrock's errors: AWS's SDKs name the error by the header, others show the message. */
export interface Refusal {
  readonly status: number;
  /** Such as `AccessDeniedException`. */
  readonly type: string;
  readonly code: string;
  readonly message: string;
}

export function refusal(status: number, type: string, code: string, message: string): Refusal {
  return { status, type, code, message };
}

export function headersOf({ type }: Refusal): Record<string, string> {
  return { 'content-type': 'application/json', 'x-amzn-errortype': type, 'cache-control': 'no-store' };
}

export function bodyOf({ code, message }: Refusal): string {
  return JSON.stringify({ message: `${code}: ${message}`, code });
}
