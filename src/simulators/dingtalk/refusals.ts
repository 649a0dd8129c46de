/** A refusal of the new API: an HTTP status with a code that says more. */
export class ApiRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: Record<string, unknown>;

  constructor(status: number, code: string, message: string, detail: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** A refusal of the old API: HTTP 200 and a number; behind its gateway 88 with the real number beside it. */
export class OapiRefusal extends Error {
  readonly errcode: number;
  readonly subCode: string | undefined;

  constructor(errcode: number, message: string, subCode?: string) {
    super(message);
    this.errcode = errcode;
    this.subCode = subCode;
  }
}

export const invalid = (what: string, message: string): ApiRefusal => new ApiRefusal(400, what, message);
