import { setNonce } from "get-nonce";

/** Libraries that add a style sheet (Radix' scroll lock) may, with the nonce that this page came with. */
export function startNonce(): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  if (meta?.nonce) setNonce(meta.nonce);
}
