import { z } from "zod";
import { ConnectorPermissionError, ConnectorRejectedError, type RolloutError } from "../../errors.ts";

/** Graph's error body. Its sentences are read only to classify; they go nowhere. */
const ErrorBody = z.object({
  error: z.object({
    code: z.string().default(""),
    message: z.string().default(""),
    innerError: z.object({ message: z.string().default("") }).optional(),
  }),
});

/** Why a change was refused, as far as a caller must tell cases apart. */
export type RefusalReason = "already_exists" | "security_defaults_on" | "other";

/**
 * What a 4xx of Graph means for a change, beyond what holds for every vendor; also the missing licence, which Graph
 * reports as 403. `null`: nothing special. Conditional Access hides the useful number of a refusal in
 * `error.innerError.message` ("1064: …") under a general outer text.
 */
export function graphRefusal(
  answer: { readonly status: number; readonly text: string },
  call: { readonly writes: boolean },
): RolloutError | null {
  const { status, text } = answer;
  const body = ErrorBody.safeParse(parse(text));
  const error = body.success ? body.data.error : { code: "", message: "" };
  const sentences = `${error.innerError?.message ?? ""}\n${error.message}`;
  if (
    status === 403 &&
    /NonPremiumTenant|premium license|not licensed for this feature/i.test(error.code + sentences)
  ) {
    return new ConnectorPermissionError("The customer's tenant has no Microsoft Entra ID P1 licence for this call.", {
      nextStep:
        "Ask the customer to license Entra ID P1 or P2 (Microsoft 365 Business Premium has it), then call again.",
      details: { vendor: "Microsoft Graph", status, licence: "Entra ID P1" },
    });
  }
  if (!call.writes || status < 400 || status >= 500 || [401, 403, 408, 429].includes(status)) return null;
  const number = /^\s*(\d{4})\b/.exec(sentences)?.[1];
  const code = /^\w{1,64}$/.test(error.code) ? error.code : null;
  const named = [code, number].filter((part) => part !== null && part !== undefined).join(" ");
  return new ConnectorRejectedError(`Microsoft Graph refused the change (status ${status}${named && `, ${named}`}).`, {
    nextStep: "Have a person compare what was sent with what Microsoft Graph allows; nothing was changed.",
    details: {
      vendor: "Microsoft Graph",
      status,
      code,
      number: number === undefined ? null : Number(number),
      reason: reasonIn(sentences),
    },
  });
}

function reasonIn(sentences: string): RefusalReason {
  if (/references already exist/i.test(sentences)) return "already_exists";
  if (/security defaults is enabled/i.test(sentences)) return "security_defaults_on";
  return "other";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
