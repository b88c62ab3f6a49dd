import type { EndReason } from "@/api/session";

export function SignIn({ reason }: { reason: EndReason | null }) {
  return <p>{reason}</p>;
}
