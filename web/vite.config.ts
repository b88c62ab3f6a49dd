import { fileURLToPath } from "node:url";

import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The portal is read on phones, on the way: it runs on Preact, which takes the place of React by its own names. */
const PREACT = [
  { find: /^react-dom\/client$/, replacement: "preact/compat/client" },
  { find: /^react\/jsx-runtime$/, replacement: "preact/jsx-runtime" },
  { find: /^(react|react-dom)$/, replacement: "preact/compat" },
];

/** The agent app and the portal are two builds into one folder: `vite build`, then `vite build --mode portal`. */
export default defineConfig(({ mode }) => {
  const isPortal = mode === "portal";
  return {
    plugins: [react(), tailwindcss()],
    resolve: { alias: [{ find: "@", replacement: here("./src") }, ...(isPortal ? PREACT : [])] },
    // The server puts a fresh nonce in its place with every page.
    html: { cspNonce: "__CSP_NONCE__" },
    build: {
      target: "es2022",
      emptyOutDir: !isPortal,
      copyPublicDir: !isPortal,
      manifest: isPortal ? ".vite/portal.json" : ".vite/app.json",
      // An inlined data: URL in a style sheet or page would ask for a laxer policy.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: isPortal ? { portal: here("./portal/index.html") } : { app: here("./index.html") },
        // What others wrote comes in one piece: fewer requests, and it compresses better.
        output: { advancedChunks: { groups: [{ name: "vendor", test: /node_modules/ }] } },
      },
    },
    server: {
      proxy: {
        "/v1": process.env.BATON_WEB__API ?? "http://127.0.0.1:8080",
        "/socket.io": { target: process.env.BATON_WEB__GATEWAY ?? "http://127.0.0.1:8081", ws: true },
      },
    },
    test: { include: ["src/**/*.test.{ts,tsx}"], environment: "node", testTimeout: 10_000 },
  };
});
